namespace Urllib4.Cli;

/// <summary>What the user has to be told, in one line, and the code to end with.</summary>
internal sealed class CliException(int exitCode, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public int ExitCode => exitCode;

    public static CliException Usage(string message) => new(ExitCodes.Usage, message);
}
