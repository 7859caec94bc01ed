using System.Text.Json;
using Urllib4.Har;

namespace Urllib4;

/// <summary>
/// Writes down what a manager does as HAR 1.2, which the developer tools of every browser can show: an entry for each attempt, with its
/// timings, heads and bodies. Set an instance as <see cref="PoolOptions.Events"/>, and <see cref="Save"/> it at the end.
/// </summary>
/// <remarks>
/// <para>Secrets are left out unless <see cref="HarOptions.DangerousKeepSecrets"/> is set; see there for what counts as one.</para>
/// <para>The body of a request is opened once more to be kept, unless it can be read only once. The body of a response is kept as far as
/// the caller reads it, decoded.</para>
/// <para>Safe to use from several threads at once. Everything is held in memory, within the limits of <see cref="HarOptions"/>.</para>
/// </remarks>
public sealed class HarRecorder : HttpEvents
{
    private readonly Lock _gate = new();
    private readonly HarOptions _options;
    private readonly Queue<HarEntry> _entries = [];
    private readonly Dictionary<HttpAttempt, HarEntry> _byAttempt = new(ReferenceEqualityComparer.Instance);

    /// <summary>Creates a recorder.</summary>
    /// <param name="options">What to keep; null for <see cref="HarOptions.Default"/>.</param>
    public HarRecorder(HarOptions? options = null) => _options = options ?? HarOptions.Default;

    /// <summary>The attempts so far, the oldest first; a copy.</summary>
    public IReadOnlyList<HarEntry> Entries
    {
        get
        {
            lock (_gate)
                return [.. _entries];
        }
    }

    /// <summary>Forgets all entries.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
            _byAttempt.Clear();
        }
    }

    /// <summary>Writes everything so far as HAR 1.2, in UTF-8.</summary>
    /// <param name="destination">Where to; it is not closed.</param>
    /// <exception cref="ArgumentNullException"><paramref name="destination"/> is null.</exception>
    /// <exception cref="IOException">It could not be written.</exception>
    public void WriteTo(Stream destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        string version = typeof(PoolManager).Assembly.GetName().Version?.ToString(3) ?? "0";
        var log = new HarLog("1.2", new HarCreator("Urllib4", version), [.. Entries.Select(static e => e.ToItem())]);
        JsonSerializer.Serialize(destination, new HarFile(log), HarJson.Default.HarFile);
    }

    /// <summary>Writes everything so far into a file. It takes the place of an older one only when it is complete.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string part = path + ".part";
        try
        {
            using (FileStream file = File.Create(part))
                WriteTo(file);
            File.Move(part, path, overwrite: true);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    /// <inheritdoc/>
    public override void AttemptStarted(HttpAttempt attempt)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        var entry = new HarEntry(attempt, _options);
        lock (_gate)
        {
            _entries.Enqueue(entry);
            _byAttempt[attempt] = entry;
            if (_entries.Count > _options.MaxEntries)
                _byAttempt.Remove(_entries.Dequeue().Attempt);
        }
    }

    /// <inheritdoc/>
    public override void PhaseEnded(HttpAttempt attempt, PhaseTime phase) => Of(attempt)?.Ended(phase);

    /// <inheritdoc/>
    public override void Leased(HttpAttempt attempt, HttpConnectionInfo connection) => Of(attempt)?.On(connection);

    /// <inheritdoc/>
    public override void Sending(HttpAttempt attempt, string method, string target, HttpHeaderDict headers)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        // The CONNECT to a proxy on the way is part of the time to connect, and not a request of the caller's.
        if (method == attempt.Method)
            Of(attempt)?.Sending(headers);
    }

    /// <inheritdoc/>
    public override void SendingBody(HttpAttempt attempt, long? length, Func<Stream>? open) => Of(attempt)?.SendingBody(length, open);

    /// <inheritdoc/>
    public override void Received(HttpAttempt attempt, int status, string reason, Version version, HttpHeaderDict headers) =>
        Of(attempt)?.Received(status, reason, version, headers);

    /// <inheritdoc/>
    public override void BodyReceived(HttpAttempt attempt, ReadOnlySpan<byte> part) => Of(attempt)?.BodyReceived(part);

    /// <inheritdoc/>
    public override void Failed(HttpAttempt attempt, Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        Of(attempt)?.Failed(error);
    }

    /// <inheritdoc/>
    public override void GoingOn(HttpAttempt attempt, string reason, TimeSpan pause) => Of(attempt)?.GoingOn(reason);

    private HarEntry? Of(HttpAttempt attempt)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        lock (_gate)
            return _byAttempt.GetValueOrDefault(attempt);
    }
}
