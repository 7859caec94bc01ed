namespace Urllib4.Adapters;

/// <summary>The ranges that <c>SocketsHttpHandler</c> allows its properties.</summary>
/// <remarks>The parameter is called as it is in a setter, whose exception names it.</remarks>
internal static class HandlerChecks
{
    private const int LeastWindow = 65_535, LargestWindow = 16 * 1024 * 1024;

    private static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(int.MaxValue);

    public static int AtLeastOne(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        return value;
    }

    public static int NotNegative(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        return value;
    }

    public static TimeSpan NotNegative(TimeSpan value)
    {
        if (value != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
        return value;
    }

    public static TimeSpan Limit(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, _longest);
        return NotNegative(value);
    }

    public static TimeSpan PositiveLimit(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(value, TimeSpan.Zero);
        return Limit(value);
    }

    public static TimeSpan AtLeastOneSecond(TimeSpan value)
    {
        if (value != Timeout.InfiniteTimeSpan)
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromSeconds(1));
        return value;
    }

    public static int WindowSize(int value)
    {
        string name = nameof(UrllibHandler.InitialHttp2StreamWindowSize); // which the platform names here, instead of 'value'
        ArgumentOutOfRangeException.ThrowIfLessThan(value, LeastWindow, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, LargestWindow, name);
        return value;
    }
}
