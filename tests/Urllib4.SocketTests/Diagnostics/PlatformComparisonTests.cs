using System.Diagnostics;
using System.Diagnostics.Metrics;
using Urllib4.Diagnostics;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Diagnostics;

/// <summary>The same call over System.Net.Http and over this library: what that one tells, this one tells too, in the same words.</summary>
[Collection(AloneGroup.Name)]
public sealed class PlatformComparisonTests : ClientTests
{
    private static readonly CertificateAuthority _authority = new();
    private static readonly IssuedCertificate _localhost = _authority.Issue("localhost");

    private static readonly string[] Metrics =
    [
        "http.client.request.duration", "http.client.active_requests", "http.client.request.time_in_queue",
        "http.client.connection.duration", "http.client.open_connections",
    ];

    public static TheoryData<Mode, string, string, int> Calls { get; } = new MatrixTheoryData<Mode, string, string, int>(
        Enum.GetValues<Mode>(), ["GET", "BREW"], ["/plain", "/a%20b/?token=secret&x=1", "/?"], [200, 404, 503]);

    public static TheoryData<Mode, string> Failures { get; } = new MatrixTheoryData<Mode, string>(
        Enum.GetValues<Mode>(), ["refused", "closed", "cut", "nonsense", "distrusted", "endless"]);

    [Theory, MemberData(nameof(Calls))]
    public async Task A_span_has_at_least_the_tags_of_the_platform(Mode mode, string method, string target, int status)
    {
        await using var server = Server(status);
        using var theirs = new Spans("System.Net.Http");
        using var ours = new Spans();

        await Both(mode, server, method, server.Url + target);

        Activity their = Assert.Single(theirs.Ended), our = Assert.Single(ours.Ended);
        AssertSuperset(Spans.Tags(their), Spans.Tags(our));
        Assert.Equal((their.Kind, their.DisplayName, their.Status), (our.Kind, our.DisplayName, our.Status));
        Assert.Equal(their.Id, server.Requests[0]["traceparent"]);
        Assert.Equal(our.Id, server.Requests[1]["traceparent"]);
    }

    [Theory, MemberData(nameof(Calls))]
    public async Task A_metric_has_at_least_the_tags_of_the_platform(Mode mode, string method, string target, int status)
    {
        await using var server = Server(status);
        using var theirs = new Measurements("System.Net.Http");
        using var ours = new Measurements();

        await Both(mode, server, method, server.Url + target);

        foreach (string name in Metrics[..4])
        {
            IReadOnlyList<Measured> their = theirs.Of(name, server.Port), our = ours.Of(name, server.Port);
            Assert.True(their.Count > 0, $"The platform knows no {name} any more.");
            Assert.Equal(their.Count, our.Count);
            for (int i = 0; i < their.Count; i++)
                AssertSuperset(their[i].Tags, our[i].Tags);
        }
    }

    [Theory, MemberData(nameof(Failures))]
    public async Task A_failure_is_of_the_kind_that_the_platform_says(Mode mode, string how)
    {
        await using var server = MisbehavingServer.Start(_ => Failing(how));
        if (how == "refused")
            server.Dispose();
        string url = how == "distrusted" ? server.SecureUrl : server.Url;
        using var theirs = new Measurements("System.Net.Http");
        using var ours = new Measurements();
        using var theirSpans = new Spans("System.Net.Http");
        using var ourSpans = new Spans();
        using var client = new HttpClient();
        await using var manager = new PoolManager(new PoolOptions { Retries = Retry.None });

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri(url)));
        await Assert.ThrowsAnyAsync<HttpException>(() => Send(mode, manager, "GET", url));

        AssertSuperset(
            Assert.Single(theirs.Of(Metrics[0], server.Port)).Tags, Assert.Single(ours.Of(Metrics[0], server.Port)).Tags);
        Activity their = Assert.Single(theirSpans.Ended), our = Assert.Single(ourSpans.Ended);
        AssertSuperset(Spans.Tags(their), Spans.Tags(our));
        Assert.Equal(their.Status, our.Status);
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task Each_hop_of_a_redirect_is_a_span_and_a_measurement_as_it_is_for_the_platform(Mode mode)
    {
        await using var server = MisbehavingServer.Start(static _ => new Dialogue()
            .ExpectRequest().Send("HTTP/1.1 302 Go\r\nLocation: /there?x=1\r\nContent-Length: 0\r\n\r\n").ExpectRequest().Send(Ok));
        using var theirs = new Measurements("System.Net.Http");
        using var ours = new Measurements();
        using var theirSpans = new Spans("System.Net.Http");
        using var ourSpans = new Spans();

        await Both(mode, server, "GET", server.Url, Retry.Default);

        Assert.Equal(2, theirSpans.Ended.Count);
        Assert.Equal(2, ourSpans.Ended.Count);
        IReadOnlyList<Measured> their = theirs.Of(Metrics[0], server.Port), our = ours.Of(Metrics[0], server.Port);
        for (int i = 0; i < 2; i++)
        {
            AssertSuperset(Spans.Tags(theirSpans.Ended[i]), Spans.Tags(ourSpans.Ended[i]));
            AssertSuperset(their[i].Tags, our[i].Tags);
        }
    }

    [Fact]
    public async Task Instruments_have_the_names_units_kinds_and_buckets_of_the_platform()
    {
        await using var server = MisbehavingServer.Start(new Dialogue().ExpectRequest().Send(Ok));
        using var client = new HttpClient();
        await client.GetStringAsync(server.Url, TestContext.Current.CancellationToken); // makes the platform publish its own
        _ = UrllibMetrics.WantsCalls; // and this the library
        Dictionary<string, Instrument> theirs = Instruments("System.Net.Http"), ours = Instruments("Urllib4");

        foreach (string name in Metrics)
        {
            Assert.Equal(theirs[name].Unit, ours[name].Unit);
            Assert.Equal(
                (theirs[name] as Histogram<double>)?.Advice?.HistogramBucketBoundaries,
                (ours[name] as Histogram<double>)?.Advice?.HistogramBucketBoundaries);
        }
    }

    private static Dialogue Failing(string how) => how switch
    {
        "cut" => new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\nServ").Close(),
        "nonsense" => new Dialogue().ExpectRequest().Send("SSH-2.0-OpenSSH\r\n\r\n"),
        "distrusted" => new Dialogue().StartTls(_localhost),
        "endless" => new Dialogue().ExpectRequest().Send($"HTTP/1.1 200 OK\r\nLong: {new string('x', 1024 * 1024)}\r\n\r\n"),
        _ => new Dialogue().ExpectRequest().Close(),
    };

    private static Dictionary<string, Instrument> Instruments(string meter)
    {
        Dictionary<string, Instrument> found = [];
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name == meter)
                found[instrument.Name] = instrument;
        };
        listener.Start();
        return found;
    }

    private static MisbehavingServer Server(int status) => MisbehavingServer.Start(
        _ => new Dialogue().Loop(d => d.ExpectRequest().Send($"HTTP/1.1 {status} Fine\r\nContent-Length: 2\r\n\r\nok")));

    private static async Task Both(Mode mode, MisbehavingServer server, string method, string url, Retry? retries = null)
    {
        using (var client = new HttpClient())
        using (var request = new HttpRequestMessage(new HttpMethod(method), new Uri(url)))
        using (HttpResponseMessage response = await client.SendAsync(request))
            await response.Content.ReadAsStringAsync();
        using (var manager = new PoolManager(new PoolOptions { Retries = retries ?? Retry.None }))
            await Send(mode, manager, method, url);
        server.WaitUntilAllClosed();
    }

    private static void AssertSuperset(Dictionary<string, string> theirs, Dictionary<string, string> ours)
    {
        Assert.NotEmpty(theirs);
        foreach ((string name, string written) in theirs)
        {
            // The platform dials IPv4 with sockets of IPv6, and lets it be seen.
            string value = name == "network.peer.address" ? written.Replace("::ffff:", "", StringComparison.Ordinal) : written;
            Assert.True(ours.TryGetValue(name, out string? own) && own == value, $"{name} is '{own}' and not '{value}'.");
        }
    }
}
