using System.Text;
using Urllib4.TestKit;

namespace Urllib4.Tests.Adapters;

/// <summary>What tests share that send messages through <see cref="HttpClient"/> over the handler, in memory and in both modes.</summary>
public abstract class HandlerTests : MemoryTests
{
    /// <summary>A client over peers in memory.</summary>
    protected static HttpClient Client(MemoryDialer dialer, Action<UrllibHandler>? set = null)
    {
        var handler = new UrllibHandler(Over(dialer));
        set?.Invoke(handler);
        return new HttpClient(handler);
    }

    /// <summary>Sends a message in a mode.</summary>
    protected static Task<HttpResponseMessage> Send(
        Mode mode,
        HttpClient http,
        HttpRequestMessage request,
        HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead,
        CancellationToken token = default) => Call(
            mode, () => http.Send(request, completion, token), () => http.SendAsync(request, completion, token))
        .WaitAsync(Patience, CancellationToken.None);

    /// <summary>Sends a GET for <c>http://a.test/</c> in a mode.</summary>
    protected static Task<HttpResponseMessage> Get(Mode mode, HttpClient http, string url = "http://a.test/") =>
        Send(mode, http, new HttpRequestMessage(HttpMethod.Get, url));

    /// <summary>The content as text, read in a mode.</summary>
    protected static async Task<string> TextOf(Mode mode, HttpResponseMessage response)
    {
        using var copy = new MemoryStream();
        await Call(mode, () => response.Content.CopyTo(copy, null, default), () => response.Content.CopyToAsync(copy))
            .WaitAsync(Patience, CancellationToken.None);
        return Encoding.Latin1.GetString(copy.ToArray());
    }

    /// <summary>The only request that the first peer received.</summary>
    protected static ReceivedRequest RequestOf(MemoryDialer dialer) => Assert.Single(dialer.Peers[0].Requests);
}
