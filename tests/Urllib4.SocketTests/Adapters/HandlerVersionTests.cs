using System.Net;
using System.Net.Http;
using System.Net.Security;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Adapters;

/// <summary>
/// The version of HTTP that a message asks for, with this library's handler and with the platform's, against servers of each kind.
/// </summary>
public sealed class HandlerVersionTests : ModeTests, IDisposable
{
    private readonly CertificateAuthority _authority = new();
    private readonly IssuedCertificate _certificate;

    public HandlerVersionTests() => _certificate = _authority.Issue("localhost");

    public static TheoryData<HttpProtocols, bool, string, HttpVersionPolicy> Cases()
    {
        var rows = new TheoryData<HttpProtocols, bool, string, HttpVersionPolicy>();
        foreach (HttpProtocols spoken in new[] { HttpProtocols.Http1, HttpProtocols.Http2, HttpProtocols.Http1AndHttp2 })
        {
            foreach (bool isTls in new[] { false, true })
            {
                // Without TLS a server of both cannot tell them apart.
                if (!isTls && spoken == HttpProtocols.Http1AndHttp2)
                    continue;
                foreach (string version in new[] { "1.1", "2.0", "3.0" })
                {
                    foreach (HttpVersionPolicy policy in Enum.GetValues<HttpVersionPolicy>())
                        rows.Add(spoken, isTls, version, policy);
                }
            }
        }

        return rows;
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _authority.Dispose();
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task A_message_is_sent_in_the_version_in_which_the_platform_sends_it(
        HttpProtocols spoken, bool isTls, string version, HttpVersionPolicy policy)
    {
        using HttpBinServer server = HttpBinServer.Start(new()
        {
            Certificate = _certificate, Protocols = spoken, PlainProtocol = spoken,
        });
        var url = new Uri((isTls ? server.SecureUrl : server.Url) + "/echo");
        using var theirs = new SocketsHttpHandler { SslOptions = Trusting() };
        using var ours = new UrllibHandler { SslOptions = Trusting() };

        string expected = await Try(theirs, url, version, policy);
        string actual = await Try(ours, url, version, policy);

        // The platform offers nothing for HTTP/1.1 in the handshake, and learns it from the end of the connection.
        bool isRefusedEarly = isTls && spoken == HttpProtocols.Http2 && expected == "HttpRequestException ResponseEnded";
        Assert.Equal(isRefusedEarly ? "HttpRequestException SecureConnectionError" : expected, actual);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Requests_of_both_kinds_and_of_both_versions_go_side_by_side(bool isTls)
    {
        using HttpBinServer server = HttpBinServer.Start(new()
        {
            Certificate = _certificate, Protocols = HttpProtocols.Http1AndHttp2, PlainProtocol = HttpProtocols.Http2,
        });
        var url = new Uri((isTls ? server.SecureUrl : server.Url) + "/echo");
        using var client = new HttpClient(new UrllibHandler { SslOptions = Trusting() });
        Task<string>[] calls = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0
            ? Send(client, url, $"body {i}", i % 4 == 0 && isTls ? "1.1" : "2.0")
            : OnThread(() => SendBlocking(client, url, $"body {i}", i % 4 == 1 && isTls ? "1.1" : "2.0")))];

        string[] answers = await Task.WhenAll(calls).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.All(answers.Index(), pair => Assert.Equal($"body {pair.Index}", pair.Item));
    }

    [Fact]
    public async Task Trailers_of_HTTP_2_are_those_of_the_message()
    {
        using HttpBinServer server = HttpBinServer.Start(new() { PlainProtocol = HttpProtocols.Http2 });
        using var client = new HttpClient(new UrllibHandler());
        using HttpRequestMessage message = Message(
            new Uri(server.Url + "/trailers"), "2.0", HttpVersionPolicy.RequestVersionExact);
        message.Method = HttpMethod.Get;
        using HttpResponseMessage response = await client.SendAsync(message);
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal($"{Checksum.Crc32(body):x8}", Assert.Single(response.TrailingHeaders.GetValues("X-Checksum")));
    }

    private static async Task<string> Send(HttpClient client, Uri url, string body, string version)
    {
        using HttpRequestMessage message = Message(url, version, HttpVersionPolicy.RequestVersionExact);
        message.Content = new StringContent(body);
        using HttpResponseMessage response = await client.SendAsync(message);
        Assert.Equal(version, response.Version.ToString());
        return await response.Content.ReadAsStringAsync();
    }

    private static string SendBlocking(HttpClient client, Uri url, string body, string version)
    {
        using HttpRequestMessage message = Message(url, version, HttpVersionPolicy.RequestVersionExact);
        message.Content = new StringContent(body);
        using HttpResponseMessage response = client.Send(message);
        Assert.Equal(version, response.Version.ToString());
        using var reader = new StreamReader(response.Content.ReadAsStream());
        return reader.ReadToEnd();
    }

    private static async Task<string> Try(HttpMessageHandler handler, Uri url, string version, HttpVersionPolicy policy)
    {
        using var client = new HttpMessageInvoker(handler, disposeHandler: false);
        try
        {
            using HttpRequestMessage message = Message(url, version, policy);
            message.Method = HttpMethod.Post;
            message.Content = new StringContent("abc");
            using HttpResponseMessage response = await client.SendAsync(message, CancellationToken.None);
            return $"{(int)response.StatusCode} {response.Version} {await response.Content.ReadAsStringAsync()}";
        }
        catch (HttpRequestException e)
        {
            return $"{e.GetType().Name} {e.HttpRequestError}";
        }
    }

    private static HttpRequestMessage Message(Uri url, string version, HttpVersionPolicy policy) =>
        new(HttpMethod.Post, url) { Version = Version.Parse(version), VersionPolicy = policy };

    private SslClientAuthenticationOptions Trusting() => new()
    {
        RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
    };
}
