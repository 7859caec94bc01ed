namespace Urllib4.Benchmarks;

/// <summary>HttpClient with this library under it instead of its own handler.</summary>
internal sealed class HandlerContender(Target target) : HttpClientContender(target)
{
    protected override HttpClient CreateClient() => new(new UrllibHandler());
}
