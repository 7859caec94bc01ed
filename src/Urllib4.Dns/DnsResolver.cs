using System.Net;
using DnsClient;
using DnsClient.Protocol;

namespace Urllib4;

/// <summary>
/// Asks name servers directly, for the addresses of IPv6 and of IPv4, and brings their times to live along. Set it as
/// <see cref="PoolOptions.Resolver"/>. It stands on DnsClient.
/// </summary>
/// <remarks>
/// <para>The addresses of IPv6 come first. A name is asked for as it is: neither the file <c>hosts</c> nor a search list is looked at. A
/// name that is <c>localhost</c> or ends in it is this machine, and no server is asked (RFC 6761, section 6.3). The port is that of the
/// URL.</para>
/// <para>A name that does not exist, or has no address, is an answer without endpoints. A server that cannot be reached, or says that it
/// failed, is an exception, so that an older answer may serve (<see cref="NameOptions.StaleFor"/>). One family is enough: if the other
/// cannot be had, the answer is what there is.</para>
/// <para>Blocking look-ups really block, one family after the other; asynchronous ones ask for both at once. Safe to use from several
/// threads. A resolver is equal to itself only, and is part of the pool key: make one for the whole program.</para>
/// </remarks>
public sealed class DnsResolver : Resolver
{
    // Twice for each family, one after the other, is just within the limit of the phase, HttpTimeout.Resolve.
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(2);
    private const int Retries = 1;

    private readonly ILookupClient _client;

    /// <summary>Creates a resolver.</summary>
    /// <param name="nameServers">
    /// The name servers, asked in turn until one answers; none for those of the system. Each has 2 seconds, and is asked twice.
    /// </param>
    /// <exception cref="ArgumentNullException">The list or an entry is null.</exception>
    public DnsResolver(params IReadOnlyList<IPEndPoint> nameServers)
        : this(Create(nameServers))
    {
    }

    /// <summary>Creates a resolver on a client of DnsClient, for all that can be set there.</summary>
    /// <param name="client">
    /// The client. Leave its cache off (<see cref="DnsQueryOptions.UseCache"/>): answers are remembered above, by <see
    /// cref="NameOptions"/>.
    /// </param>
    /// <exception cref="ArgumentNullException">The client is null.</exception>
    public DnsResolver(ILookupClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The host is null or empty.</exception>
    /// <exception cref="NameResolutionException">No name server could say.</exception>
    public override NameAnswer Lookup(string host, int port)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        if (IsThisMachine(host))
            return Loopback(port);
        Records four = Ask(QueryType.A);
        // A name that does not exist has no other kind of records either (RFC 8020), and a server that says nothing of this kind has
        // nothing to say of the other. The other way round there are servers that know no AAAA and keep silent.
        return Answer(host, port, four.IsLast ? four with { Addresses = [] } : Ask(QueryType.AAAA), four);

        Records Ask(QueryType type)
        {
            try
            {
                return Records.Of(_client.Query(host, type));
            }
            catch (DnsResponseException e)
            {
                return Records.Of(e);
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The host is null or empty.</exception>
    /// <exception cref="NameResolutionException">No name server could say.</exception>
    public override async ValueTask<NameAnswer> LookupAsync(string host, int port, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        if (IsThisMachine(host))
            return Loopback(port);
        Task<Records> asked = Ask(QueryType.AAAA);
        Records four = await Ask(QueryType.A).ConfigureAwait(false);
        return Answer(host, port, await asked.ConfigureAwait(false), four);

        async Task<Records> Ask(QueryType type)
        {
            try
            {
                return Records.Of(await _client.QueryAsync(host, type, cancellationToken: cancellationToken).ConfigureAwait(false));
            }
            catch (DnsResponseException e)
            {
                cancellationToken.ThrowIfCancellationRequested();
                return Records.Of(e);
            }
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The host is null or empty.</exception>
    /// <exception cref="NameResolutionException">No name server could say.</exception>
    public override IReadOnlyList<IPEndPoint> Resolve(string host, int port) => Lookup(host, port).EndPoints;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The host is null or empty.</exception>
    /// <exception cref="NameResolutionException">No name server could say.</exception>
    public override async ValueTask<IReadOnlyList<IPEndPoint>> ResolveAsync(string host, int port, CancellationToken cancellationToken) =>
        (await LookupAsync(host, port, cancellationToken).ConfigureAwait(false)).EndPoints;

    /// <summary>The name servers that are asked.</summary>
    /// <returns>For example <c>DnsResolver 192.0.2.53:53</c>.</returns>
    public override string ToString() => $"{nameof(DnsResolver)} {string.Join(", ", _client.NameServers)}";

    private static LookupClient Create(IReadOnlyList<IPEndPoint> nameServers)
    {
        ArgumentNullException.ThrowIfNull(nameServers);
        IPEndPoint[] servers = [.. nameServers];
        if (Array.Exists(servers, static server => server is null))
            throw new ArgumentNullException(nameof(nameServers), "An entry is null.");
        LookupClientOptions options = servers.Length == 0 ? new() : new(servers);
        options.UseCache = false;
        options.Timeout = _timeout;
        options.Retries = Retries;
        options.ThrowDnsErrors = false;
        return new LookupClient(options);
    }

    private static bool IsThisMachine(string host)
    {
        ReadOnlySpan<char> name = host.EndsWith('.') ? host.AsSpan(..^1) : host;
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
    }

    private static NameAnswer Loopback(int port) => new([new(IPAddress.IPv6Loopback, port), new(IPAddress.Loopback, port)]);

    private static NameAnswer Answer(string host, int port, Records six, Records four)
    {
        IPEndPoint[] endpoints = [.. six.Addresses.Concat(four.Addresses).Select(address => new IPEndPoint(address, port))];
        if (endpoints.Length == 0 && (six.Failure ?? four.Failure) is { } failure)
            throw new NameResolutionException(host, failure, six.Cause ?? four.Cause);
        return new NameAnswer(endpoints, six.TimeToLive < four.TimeToLive ? six.TimeToLive : four.TimeToLive ?? six.TimeToLive);
    }

    /// <summary>What a name server says of one family.</summary>
    private readonly record struct Records(
        IReadOnlyList<IPAddress> Addresses, TimeSpan? TimeToLive, bool IsLast, string? Failure, Exception? Cause)
    {
        public static Records Of(IDnsQueryResponse response)
        {
            DnsHeaderResponseCode code = response.Header.ResponseCode;
            if (code is not (DnsHeaderResponseCode.NoError or DnsHeaderResponseCode.NotExistentDomain))
                return new([], null, false, $"the name server {response.NameServer} answered {code}", null);
            IPAddress[] addresses = [.. response.Answers.OfType<AddressRecord>().Select(static record => record.Address)];
            // An alias on the way may run out before the address.
            TimeSpan? time = addresses.Length == 0
                ? null
                : TimeSpan.FromSeconds(response.Answers.Min(static record => record.InitialTimeToLive));
            return new(addresses, time, code == DnsHeaderResponseCode.NotExistentDomain, null, null);
        }

        public static Records Of(DnsResponseException failure) => new([], null, true, failure.Message.TrimEnd('.'), failure);
    }
}
