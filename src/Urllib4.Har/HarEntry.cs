using Urllib4.Har;

namespace Urllib4;

/// <summary>One attempt of a call, as a <see cref="HarRecorder"/> has seen it so far.</summary>
/// <remarks>Safe to use from any thread, also while the attempt goes on.</remarks>
public sealed class HarEntry
{
    private readonly Lock _gate = new();
    private readonly HarOptions _options;
    private readonly DateTimeOffset _started;
    private readonly Dictionary<HttpPhase, TimeSpan> _times = [];
    private HttpHeaderDict? _sent;
    private HttpHeaderDict? _received;
    private KeptBody? _requestBody;
    private KeptBody? _responseBody;
    private string? _requestComment;
    private string? _error;
    private string? _wentOn;
    private int _status;
    private string _reason = "";
    private Version? _version;
    private HttpConnectionInfo? _connection;

    internal HarEntry(HttpAttempt attempt, HarOptions options)
    {
        Attempt = attempt;
        _options = options;
        _started = options.Clock.GetUtcNow();
    }

    /// <summary>Whose attempt, which, and why. Its URL is as it was, with its secrets.</summary>
    public HttpAttempt Attempt { get; }

    /// <summary>
    /// A command line for curl that sends this request, for a POSIX shell. Secrets are left out of it unless
    /// <see cref="HarOptions.DangerousKeepSecrets"/> is set.
    /// </summary>
    /// <returns>One line, or more where the body has more.</returns>
    /// <exception cref="InvalidOperationException">The body was not kept, or was cut at <see cref="HarOptions.MaxBodyBytes"/>.</exception>
    public string ToCurl()
    {
        lock (_gate)
        {
            if (_requestComment is not null || _requestBody?.IsCut == true)
            {
                throw new InvalidOperationException(
                    $"The body of the request cannot be shown: {_requestComment ?? _requestBody!.Comment}.");
            }

            var curl = new CurlWords(Attempt.Method, Shown(Attempt.Url.Href));
            curl.Version(_version);
            foreach ((string name, string value) in _sent ?? [])
                curl.Header(name, Shown(name, value));
            return curl.Finish(_requestBody?.Bytes);
        }
    }

    internal void Ended(PhaseTime phase)
    {
        lock (_gate)
            _times[phase.Phase] = _times.GetValueOrDefault(phase.Phase) + phase.Time;
    }

    internal void On(HttpConnectionInfo connection)
    {
        lock (_gate)
            _connection = connection;
    }

    internal void Sending(HttpHeaderDict headers)
    {
        lock (_gate)
            _sent = headers;
    }

    internal void SendingBody(long? length, Func<Stream>? open)
    {
        var body = new KeptBody(_options.MaxBodyBytes);
        string? comment = null;
        if (open is null)
        {
            comment = "the body can be read only once";
        }
        else
        {
            try
            {
                using Stream stream = open();
                body.Read(stream, length);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                comment = $"the body could not be read ({e.GetType().Name})"; // the request itself will say so
            }
        }

        lock (_gate)
            (_requestBody, _requestComment) = (body, comment);
    }

    internal void Received(int status, string reason, Version version, HttpHeaderDict headers)
    {
        lock (_gate)
        {
            // What a proxy says to CONNECT is not the response, and neither is a 1xx.
            if (_sent is not null && status is >= 200 or 101)
                (_status, _reason, _version, _received) = (status, reason, version, headers);
        }
    }

    internal void BodyReceived(ReadOnlySpan<byte> part)
    {
        lock (_gate)
            (_responseBody ??= new KeptBody(_options.MaxBodyBytes)).Add(part);
    }

    internal void Failed(Exception error)
    {
        // Of what is not the library's only the type: nobody knows what its message holds.
        lock (_gate)
            _error = error is HttpException own ? own.Message : error.GetType().Name;
    }

    internal void GoingOn(string reason)
    {
        lock (_gate)
            _wentOn = reason;
    }

    internal HarItem ToItem()
    {
        lock (_gate)
        {
            HarTimings timings = Timings();
            return new HarItem
            {
                StartedDateTime = _started,
                Time = timings.Sum,
                Request = Request(),
                Response = Response(),
                Timings = timings,
                ServerAddress = (_connection?.RemoteEndPoint as System.Net.IPEndPoint)?.Address.ToString(),
                Connection = _connection?.Id.ToString(System.Globalization.CultureInfo.InvariantCulture),
                Comment = _wentOn,
                Call = Attempt.CallId,
                Attempt = Attempt.Number,
                Cause = Attempt.Cause.ToString(),
                Error = _error,
            };
        }
    }

    private HarRequest Request()
    {
        HttpHeaderDict headers = _sent ?? [];
        return new HarRequest
        {
            Method = Attempt.Method,
            Url = Shown(Attempt.Url.Href),
            HttpVersion = HttpVersion,
            Cookies = HarParts.Cookies(headers, Shown),
            Headers = HarParts.Headers(headers, Shown),
            QueryString = HarParts.Pairs(Attempt.Url.Query ?? "", ShownParameter),
            PostData = _requestBody is { } body
                ? HarParts.PostData(body, _requestComment, headers["Content-Type"] ?? "", ShownParameter)
                : null,
            HeadersSize = HarParts.HeadSize(_version, headers, Attempt.Method.Length + Attempt.Url.RequestUri.Length + " HTTP/1.1 ".Length),
            BodySize = _requestBody is null ? 0 : _requestComment is null ? _requestBody.Length : -1,
        };
    }

    private HarResponse Response()
    {
        HttpHeaderDict headers = _received ?? [];
        string location = headers["Location"] ?? "";
        return new HarResponse
        {
            Status = _status,
            StatusText = _reason,
            HttpVersion = HttpVersion,
            Cookies = HarParts.SetCookies(headers, Shown),
            Headers = HarParts.Headers(headers, Shown),
            Content = HarParts.Content(_responseBody, headers["Content-Type"] ?? ""),
            RedirectUrl = _options.DangerousKeepSecrets ? location : Secrets.Place(location),
            HeadersSize = HarParts.HeadSize(_version, headers, " HTTP/1.1 200".Length + _reason.Length),
            BodySize = _received is not null && long.TryParse(headers["Content-Length"], out long length) ? length : -1,
        };
    }

    private string HttpVersion => _version is { } version ? version.Major > 1 ? $"HTTP/{version.Major}" : $"HTTP/{version}" : "unknown";

    private HarTimings Timings()
    {
        double send = Of(HttpPhase.Send), wait = Of(HttpPhase.Head), receive = Sum(HttpPhase.Body, HttpPhase.Decode);
        return new HarTimings(
            Blocked: Sum(HttpPhase.Prepare, HttpPhase.PoolWait),
            Dns: Of(HttpPhase.Resolve),
            Connect: Sum(HttpPhase.Connect, HttpPhase.Proxy, HttpPhase.Tls),
            Send: Math.Max(0, send),
            Wait: Math.Max(0, wait),
            Receive: Math.Max(0, receive),
            Ssl: Of(HttpPhase.Tls));
    }

    private double Of(HttpPhase phase) => _times.TryGetValue(phase, out TimeSpan time) ? time.TotalMilliseconds : -1;

    private double Sum(params ReadOnlySpan<HttpPhase> phases)
    {
        double sum = -1;
        foreach (HttpPhase phase in phases)
        {
            if (_times.TryGetValue(phase, out TimeSpan time))
                sum = Math.Max(0, sum) + time.TotalMilliseconds;
        }

        return sum;
    }

    private string Shown(string url)
    {
        int hash = url.IndexOf('#', StringComparison.Ordinal);
        return !_options.DangerousKeepSecrets ? Secrets.Place(url) : hash < 0 ? url : url[..hash];
    }

    private string Shown(string name, string value) => _options.DangerousKeepSecrets ? value : Secrets.Header(name, value);

    private string ShownParameter(string name, string value) =>
        _options.DangerousKeepSecrets || !Secrets.IsSecretName(name) ? value : Secrets.Hidden;
}
