namespace Urllib4.Benchmarks;

/// <summary>Who is compared with whom.</summary>
internal static class Variants
{
    /// <summary>What the others are compared with: HttpClient as it is shipped.</summary>
    public const string Baseline = "HttpClient";

    public static IEnumerable<Variant> Of(Session session)
    {
        Target target = new(session.Port);
        (bool IsBlocking, int Flows)[] modes = session.IsSequential ? [(true, 1), (false, 1)] : [(true, 4), (false, 16), (false, 64)];
        foreach ((bool isBlocking, int flows) in modes)
        {
            yield return Shared("Urllib4", isBlocking, flows, new UrllibContender(target));
            yield return Shared(Baseline, isBlocking, flows, new HttpClientContender(target));
            yield return Shared("Invoker", isBlocking, flows, new InvokerContender(target));
            if (isBlocking)
                yield return new Variant("Socket", isBlocking, [.. Enumerable.Range(0, flows).Select(_ => new SocketContender(target))]);
        }
    }

    private static Variant Shared(string client, bool isBlocking, int flows, Contender contender) =>
        new(client, isBlocking, [.. Enumerable.Repeat(contender, flows)]);
}
