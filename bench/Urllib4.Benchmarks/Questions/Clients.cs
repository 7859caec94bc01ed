using System.Text.Json.Serialization;

namespace Urllib4.Benchmarks;

/// <summary>Who may take part.</summary>
[Flags]
[JsonConverter(typeof(JsonStringEnumConverter<Clients>))]
internal enum Clients
{
    None = 0,

    /// <summary>A <see cref="PoolManager"/> with its defaults.</summary>
    Urllib4 = 1,

    /// <summary>As it is shipped; what ratios are to.</summary>
    HttpClient = 2,

    /// <summary>HttpClient as an expert sets it up, on a connection that is new in each round.</summary>
    Tuned = 4,

    /// <summary>The least that the framework offers: its handler alone, and the body from its stream.</summary>
    Invoker = 8,

    /// <summary>The floor: prebuilt bytes through a socket.</summary>
    Socket = 16,

    /// <summary>libcurl, from C.</summary>
    Curl = 32,

    /// <summary>Go's net/http.</summary>
    Go = 64,

    /// <summary>Python's urllib3.</summary>
    Urllib3 = 128,

    /// <summary>The manager again, filling one <see cref="ResponseBuffer"/> with each response.</summary>
    Buffer = 256,

    /// <summary>HttpClient over a <see cref="UrllibHandler"/>.</summary>
    Handler = 512,

    /// <summary>The manager again, with somebody who listens to all it does.</summary>
    Watched = 1024,

    /// <summary>The manager again, over HTTP/1.1 where the others speak HTTP/2.</summary>
    Http1 = 2048,

    /// <summary>The three that every comparison has.</summary>
    Usual = Urllib4 | HttpClient | Socket,

    /// <summary>Those that are programs of their own.</summary>
    Peers = Curl | Go | Urllib3,
}
