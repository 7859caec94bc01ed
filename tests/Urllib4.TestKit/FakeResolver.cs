using System.Net;
using System.Net.Sockets;

namespace Urllib4.TestKit;

/// <summary>A directory of names that a test writes itself, and that counts who asks. Safe to use from several threads.</summary>
public sealed class FakeResolver
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<IPAddress[]>> _answers = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _lookups = [];

    /// <summary>How many look-ups there were.</summary>
    public int Count => Lookups.Count;

    /// <summary>The names asked for, in order.</summary>
    public IReadOnlyList<string> Lookups
    {
        get
        {
            lock (_gate)
                return [.. _lookups];
        }
    }

    /// <summary>Held before each answer, when set: for slow directories.</summary>
    public Gate? Hold { get; set; }

    /// <summary>Adds an answer. Several for one name are given in turn; the last is given for ever.</summary>
    /// <param name="host">The name.</param>
    /// <param name="addresses">Its addresses; none is an empty answer, which is not the same as an unknown name.</param>
    public FakeResolver Map(string host, params IReadOnlyList<IPAddress> addresses)
    {
        lock (_gate)
        {
            if (!_answers.TryGetValue(host, out Queue<IPAddress[]>? answers))
                _answers[host] = answers = new Queue<IPAddress[]>();
            answers.Enqueue([.. addresses]);
        }

        return this;
    }

    /// <inheritdoc cref="Map(string, IReadOnlyList{IPAddress})"/>
    public FakeResolver Map(string host, params IReadOnlyList<string> addresses) => Map(host, [.. addresses.Select(IPAddress.Parse)]);

    /// <summary>Looks a name up on the calling thread.</summary>
    /// <exception cref="SocketException">The name is unknown: <see cref="SocketError.HostNotFound"/>.</exception>
    public IReadOnlyList<IPAddress> Resolve(string host)
    {
        Hold?.Wait();
        return Answer(host);
    }

    /// <summary>Looks a name up.</summary>
    /// <exception cref="SocketException">The name is unknown: <see cref="SocketError.HostNotFound"/>.</exception>
    public async ValueTask<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Hold is { } hold)
        {
            var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            hold.WhenOpen(open.SetResult);
            await open.Task.WaitAsync(cancellationToken);
        }

        return Answer(host);
    }

    private IPAddress[] Answer(string host)
    {
        lock (_gate)
        {
            _lookups.Add(host);
            if (!_answers.TryGetValue(host, out Queue<IPAddress[]>? answers))
                throw new SocketException((int)SocketError.HostNotFound);
            return answers.Count > 1 ? answers.Dequeue() : answers.Peek();
        }
    }
}
