using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Urllib4.Primitives;

namespace Urllib4;

/// <summary>What one request does differently from its manager or pool. A null member means: as there.</summary>
/// <remarks>Immutable, so one value can serve many requests at once; derive another with <c>with</c>.</remarks>
public sealed record RequestOptions : OptionsRecord
{
    /// <summary>What a request does when nothing is said.</summary>
    public static RequestOptions Default { get; } = NewDefault();

    /// <summary>
    /// Headers, sent in this order and spelling. A name given here replaces the default of that name;
    /// <see cref="HttpHeaderDict.SkipHeader"/> leaves a default out. Copied when set; an initializer may also fill them in place. Default
    /// none.
    /// </summary>
    [AllowNull]
    public HttpHeaderDict Headers
    {
        get => field ?? (IsSealed ? HttpHeaderDict.Empty : field = []);
        init => field = value is null or { IsEmpty: true } ? null : value.AsReadOnly();
    }

    /// <summary>
    /// The request target, sent byte for byte (RFC 9112, section 3.2): a path, an absolute URL, <c>host:port</c>, or <c>*</c>. The URL
    /// still says whom to connect to. Not carried over a redirect. Default null: path and query of the URL.
    /// </summary>
    public string? Target { get; init; }

    /// <summary>The body. Default null: none.</summary>
    public RequestBody? Body { get; init; }

    /// <summary>
    /// Form fields: appended to the query of a GET, HEAD, DELETE or OPTIONS, the body of any other method; urllib3's <c>fields</c>.
    /// Not together with <see cref="Body"/>. Copied when set; an initializer may also fill them in place. Default none.
    /// </summary>
    [AllowNull]
    public FieldList Fields
    {
        get => field ?? (IsSealed ? FieldList.Empty : field = []);
        init => field = value is null or { Count: 0 } ? null : value.AsReadOnly();
    }

    /// <summary>
    /// Whether <see cref="Fields"/> in a body are multipart/form-data; urllib3's <c>encode_multipart</c>. Default true. When false they
    /// are URL-encoded, and none of them may be a file.
    /// </summary>
    public bool EncodeMultipart { get; init; } = true;

    /// <summary>
    /// Whether the body is read, and the connection given back, before the call returns; urllib3's <c>preload_content</c>. Default true.
    /// When false, the response holds its connection until its body is read to the end or it is disposed.
    /// </summary>
    public bool PreloadContent { get; init; } = true;

    /// <summary>Whether the content coding of the body is undone; urllib3's <c>decode_content</c>. Default true.</summary>
    public bool DecodeContent { get; init; } = true;

    /// <summary>Which responses are decoded, by their headers, when <see cref="DecodeContent"/> is true. Default null: all.</summary>
    internal Func<HttpHeaderDict, bool>? DecodesOnly { get; init; }

    /// <summary>Whether nothing is added to <see cref="Headers"/>, neither what the manager says nor what is sent by default.</summary>
    internal bool HasAllHeaders { get; init; }

    /// <summary>Whether the escapes of the URL are sent as they are written, not in capitals.</summary>
    internal bool KeepsEscapes { get; init; }

    /// <summary>
    /// Whether <c>If-Range</c>, and so <c>Range</c>, goes along to another origin: for a caller who knows from which origin its tag is.
    /// </summary>
    internal bool KeepsIfRange { get; init; }

    /// <summary>Which versions of HTTP may be spoken for it. Default null: those of the manager.</summary>
    internal HttpVersions? HttpVersions { get; init; }

    /// <summary>Whether 300 is followed like 302, and a 101 that nobody asked for is taken, as the platform does. Default false.</summary>
    internal bool IsLenient { get; init; }

    /// <summary>
    /// Gives who puts the trace of the current activity among the headers, or null for nobody. Default null: the platform's current one.
    /// </summary>
    internal Func<DistributedContextPropagator?>? Propagator { get; init; }

    /// <summary>
    /// The name by which an https server is asked for and verified, for as long as the request has a <c>Host</c> header, which no other
    /// origin gets. Default null: the host of the URL.
    /// </summary>
    internal string? ServerName { get; init; }

    /// <summary>
    /// How large a body may be, or become, that is read as a whole. Default null: as the manager says; so is each limit that is not set.
    /// </summary>
    public DecodeLimits? DecodeLimits { get; init; }

    /// <summary>
    /// Whether the server honours an <c>Idempotency-Key</c> header: a request that has one may then be sent again whatever its method.
    /// Default false.
    /// </summary>
    public bool HonoursIdempotencyKey { get; init; }

    /// <summary>How long each phase may take. Default null: as the manager says; so is each limit that is not set.</summary>
    public HttpTimeout? Timeout { get; init; }

    /// <summary>When to try again and how many redirects to follow. Default null: as the manager says. A number converts.</summary>
    public Retry? Retries { get; init; }

    /// <summary>
    /// How redirects are followed. Default null: as the manager says; see <see cref="RedirectOptions"/> for what is not set.
    /// </summary>
    public RedirectOptions? Redirects { get; init; }

    /// <summary>Whether redirects are followed at all; urllib3's <c>redirect</c>. Default true.</summary>
    public bool Redirect { get; init; } = true;

    /// <summary>
    /// How the other side of a TLS connection is trusted. Default null: as the manager says; see <see cref="TlsOptions"/> for what is not
    /// set.
    /// </summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>
    /// The proxy for this request; <see cref="ProxyOptions.None"/> for none. Default null: as the manager says. It replaces the manager's
    /// as a whole; only when it is the same one, what the manager demands of its certificate holds as well. A text converts.
    /// </summary>
    public ProxyOptions? Proxy { get; init; }

    /// <summary>
    /// Where this request may go, and the redirects that it follows. That of the manager holds as well: a request can only forbid more.
    /// Such requests have connections of their own. Default null: as the manager says.
    /// </summary>
    public EgressPolicy? Egress { get; init; }

    /// <summary>
    /// Who this side is to the origin of the URL; no other origin that a redirect leads to learns of it. An <c>Authorization</c> among
    /// <see cref="Headers"/> takes its place. Default null: the user information of the URL as <c>Basic</c>, else what the
    /// <see cref="PoolOptions.Credentials"/> of the manager say.
    /// </summary>
    public HttpAuth? Auth { get; init; }

    /// <summary>
    /// Whether the call is written down, attempt by attempt, for the report of the response and of
    /// <see cref="HttpException.Report"/>. Default false, which costs nothing.
    /// </summary>
    public bool Explain { get; init; }

    /// <summary>Told of each 1xx response, on the thread that reads; what it throws ends the call. Default null.</summary>
    public Action<InformationalResponse>? OnInformational { get; init; }

    /// <summary>Told of the progress of a body that is sent in parts. Default null, which costs nothing.</summary>
    public IProgress<TransferProgress>? UploadProgress { get; init; }

    /// <summary>What differs from <see cref="Default"/>. Headers are shown as they show themselves, a target without its query.</summary>
    /// <returns>For example <c>RequestOptions { Target = /a?***, PreloadContent = False }</c>.</returns>
    public override string ToString()
    {
        // By hand, since the text that the compiler makes would show the query of the target.
        (string Name, object? Value, object? Default)[] members =
        [
            (nameof(Headers), Headers, HttpHeaderDict.Empty),
            (nameof(Target), Target is null ? null : Escaping.ShowUrl(Target), null),
            (nameof(Body), Body, null),
            (nameof(Fields), Fields.Count == 0 ? null : $"{Fields.Count}", null),
            (nameof(EncodeMultipart), EncodeMultipart, true),
            (nameof(PreloadContent), PreloadContent, true),
            (nameof(DecodeContent), DecodeContent, true),
            (nameof(DecodeLimits), DecodeLimits, null),
            (nameof(HonoursIdempotencyKey), HonoursIdempotencyKey, false),
            (nameof(Timeout), Timeout, null),
            (nameof(Retries), Retries, null),
            (nameof(Redirects), Redirects, null),
            (nameof(Redirect), Redirect, true),
            (nameof(Tls), Tls, null),
            (nameof(Proxy), Proxy, null),
            (nameof(Egress), Egress, null),
            (nameof(Auth), Auth, null),
            (nameof(Explain), Explain, false),
            (nameof(OnInformational), OnInformational, null),
            (nameof(UploadProgress), UploadProgress, null),
        ];
        string[] shown = [.. members.Where(static m => !Equals(m.Value, m.Default)).Select(static m => $"{m.Name} = {m.Value}")];
        return shown.Length == 0 ? $"{nameof(RequestOptions)} {{ }}" : $"{nameof(RequestOptions)} {{ {string.Join(", ", shown)} }}";
    }

    private protected override void SealCollections()
    {
        Headers.Freeze();
        Fields.Freeze();
        Proxy?.Seal();
    }

    private static RequestOptions NewDefault()
    {
        var options = new RequestOptions();
        options.Seal();
        return options;
    }
}
