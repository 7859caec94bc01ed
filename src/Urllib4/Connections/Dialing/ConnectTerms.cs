using Urllib4.Diagnostics;
using Urllib4.Primitives;

namespace Urllib4.Connections;

/// <summary>For whom a connection is opened, and how long that may take.</summary>
/// <param name="Timeout">The limit of each phase.</param>
/// <param name="Total">The deadline of the call.</param>
/// <param name="Recorder">Writes down what it comes to, if somebody wants to know.</param>
/// <param name="CancellationToken">Cancelled when the caller gives up.</param>
internal readonly record struct ConnectTerms(
    HttpTimeout Timeout, Deadline Total, CallRecorder? Recorder, CancellationToken CancellationToken);
