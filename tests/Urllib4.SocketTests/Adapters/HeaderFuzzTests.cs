using System.Globalization;
using System.Text;
using Urllib4.TestKit;

namespace Urllib4.SocketTests.Adapters;

/// <summary>
/// Header fields by chance, over both handlers and to the same server: what one sends the other sends, octet by octet, and what one refuses
/// the other refuses with the same exception. But for two things: blanks around a value are no part of it, and ours refuses controls.
/// </summary>
public sealed class HeaderFuzzTests : ClientTests
{
    private const int Requests = 400;

    // Separators, controls, what ends a line, Latin-1, and what is beyond it.
    private const string Odd = "\0\u0001\t\n\r \"(),/:;<=>?@[\\]{}\u007F\u0080\u0085\u00A0\u00E9\u00FF\u0100\u20AC\uFEFF";
    private const string Usual = "abcXYZ019!#$%&'*+-.^_`|~";

    private static readonly string[] _known =
    [
        "Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Cookie", "Date", "From", "If-Match",
        "If-Modified-Since", "Max-Forwards", "Pragma", "Range", "Referer", "User-Agent", "Via", "Warning", "X-Own", "x-OWN",
        "Content-Type", "Content-Language", "Content-Disposition", "Content-Encoding", "Content-MD5", "Allow", "Expires", "Trailer",
    ];

    public static TheoryData<Mode, string> Kinds { get; } = new MatrixTheoryData<Mode, string>(
        [Mode.Blocking, Mode.Asynchronous], ["none", "latin1", "utf-8"]);

    [Theory, MemberData(nameof(Kinds))]
    public async Task Fields_by_chance_go_out_alike_or_not_at_all(Mode mode, string encoding)
    {
        await using var server = MisbehavingServer.Start(static _ => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok)));
        Encoding? writing = encoding == "none" ? null : Encoding.GetEncoding(encoding);
        using var theirs = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false, RequestHeaderEncodingSelector = writing is null ? null : (_, _) => writing,
        });
        using var ours = new HttpMessageInvoker(new UrllibHandler(PoolOptions.Default)
        {
            RequestHeaderEncodingSelector = writing is null ? null : (_, _) => writing,
        });
        var differences = new List<string>();
        int sent = 0;

        for (int seed = 0; seed < Requests; seed++)
        {
            string their = await Outcome(mode, theirs, server, seed), our = await Outcome(mode, ours, server, seed);
            sent += their.Contains("HTTP/1.1", StringComparison.Ordinal) ? 1 : 0;
            bool hasControl = their.Contains("\\x01", StringComparison.Ordinal) || their.Contains("\\x7F", StringComparison.Ordinal);
            if (their != our && !(hasControl && our == nameof(HttpRequestException)))
                differences.Add($"seed {seed}\n  theirs {their}\n  ours   {our}");
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences.Prepend($"{differences.Count} of {Requests}")));
        Assert.InRange(sent, 100, Requests - 1); // some of each kind
    }

    private static async Task<string> Outcome(Mode mode, HttpMessageInvoker client, MisbehavingServer server, int seed)
    {
        int before = server.Requests.Count;
        HttpRequestMessage request = Make(server.Url, seed);
        try
        {
            using HttpResponseMessage response = await Call(
                mode, () => client.Send(request, default), () => client.SendAsync(request, default)).WaitAsync(Patience);
            await response.Content.ReadAsByteArrayAsync();
        }
        catch (Exception e)
        {
            return e.GetType().Name;
        }

        Assert.Equal(before + 1, server.Requests.Count);
        return Show(server.Requests[^1].Head);
    }

    private static HttpRequestMessage Make(string url, int seed)
    {
        var random = new Random(seed);
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent("x"u8.ToArray()) };
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            string name = random.Next(3) > 0 ? _known[random.Next(_known.Length)] : Text(random, 1, random.Next(8) == 0);
            string[] values = [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Text(random, 0, random.Next(3) == 0))];
            if (!request.Headers.TryAddWithoutValidation(name, values))
                request.Content.Headers.TryAddWithoutValidation(name, values);
        }

        return request;
    }

    private static string Text(Random random, int least, bool isOdd)
    {
        string letters = isOdd ? Odd + Usual : Usual;
        return string.Concat(Enumerable.Range(0, random.Next(least, 12)).Select(_ => letters[random.Next(letters.Length)]));
    }

    // The order of different fields means nothing.
    private static string Show(string head)
    {
        string[] lines = head.Split("\r\n");
        return string.Join(" | ", lines[1..].Select(WithoutBlanks).Order(StringComparer.Ordinal).Prepend(lines[0]).Select(Escaped));
    }

    private static string WithoutBlanks(string line)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? line : $"{line[..colon]}:{line[(colon + 1)..].Trim(' ', '\t')}";
    }

    private static string Escaped(string line) => string.Concat(line.Select(static c =>
        c is >= ' ' and <= '~' ? $"{c}" : $"\\x{((int)c).ToString("X2", CultureInfo.InvariantCulture)}"));
}
