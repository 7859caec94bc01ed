namespace Urllib4.SdkTests;

/// <summary>What tests share that let the client of somebody else work over both handlers and compare what comes of it.</summary>
public abstract class SdkTests : ModeTests
{
    /// <summary>Ends a test that hangs; no test passes because of it.</summary>
    protected static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Plays a program over the platform's handler, then over ours.</summary>
    /// <returns>The outcome, which was the same.</returns>
    protected static async Task<string> Same(Func<HttpMessageHandler, Task<string>> play)
    {
        using var platform = new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null };
        using var handler = new UrllibHandler { UseProxy = false };

        string theirs = await play(platform).WaitAsync(Patience);
        string ours = await play(handler).WaitAsync(Patience);

        Assert.True(theirs == ours, $"Over the platform's handler:\n{theirs}\nOver ours:\n{ours}");
        return ours;
    }

    /// <summary>Several facts as one outcome.</summary>
    protected static string Facts(params IEnumerable<object?> facts) => string.Join('\n', facts);
}
