namespace Urllib4.Cli;

/// <summary>What went wrong, in one line for the user.</summary>
internal static class Failures
{
    public static string Describe(Exception error) => error switch
    {
        // That it was given up after the first attempt is no news.
        MaxRetryException { Attempts: 1, Reason: { } reason } => reason.Message,
        CliException or HttpException or ArgumentException => error.Message,
        IOException or UnauthorizedAccessException => $"the output cannot be written: {error.Message}",
        _ => $"a fault of this program, {error.GetType().Name}: {error.Message}",
    };
}
