using System.Net;
using System.Text;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Adapters;

/// <summary>Something a program does with an <see cref="HttpClient"/>, to be done over two handlers and compared.</summary>
/// <param name="Name">What it is, as a sentence without a full stop.</param>
/// <param name="Play">Does it, and notes down what a caller sees.</param>
internal sealed record Scenario(string Name, Func<Stage, Task> Play)
{
    /// <summary>What the server does on each connection, by its number; null when there is no server.</summary>
    public Func<int, Dialogue>? Server { get; init; }

    /// <summary>How both handlers are set.</summary>
    public HandlerSet Handler { get; init; } = new();

    /// <summary>
    /// The first cell of the row in <c>docs/httpclient.md</c> that says why the outcomes differ; null when they have to be the same.
    /// </summary>
    public string? Difference { get; init; }

    /// <summary>What has to stand in the outcome over our handler where they differ.</summary>
    public string? Ours { get; init; }

    /// <summary>The only mode in which they differ; null when they do in both.</summary>
    public Mode? DiffersIn { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>What is set on a handler, under names that both have.</summary>
internal sealed record HandlerSet
{
    public bool AllowAutoRedirect { get; init; } = true;

    public int MaxAutomaticRedirections { get; init; } = 50;

    public DecompressionMethods AutomaticDecompression { get; init; }

    public bool UseCookies { get; init; } = true;

    public Action<CookieContainer, Uri>? Jar { get; init; }

    /// <summary>Made from the URI of the server.</summary>
    public Func<Uri, ICredentials>? Credentials { get; init; }

    /// <summary>Made from the URI of the server, which is the proxy then.</summary>
    public Func<Uri, IWebProxy>? Proxy { get; init; }

    public TimeSpan? ConnectTimeout { get; init; }

    public int? MaxConnectionsPerServer { get; init; }

    /// <summary>What is set besides on the platform's handler.</summary>
    public Action<SocketsHttpHandler>? Theirs { get; init; }

    /// <summary>The same on ours.</summary>
    public Action<UrllibHandler>? Ours { get; init; }

    public Encoding? RequestEncoding { get; init; }

    public Encoding? ResponseEncoding { get; init; }
}
