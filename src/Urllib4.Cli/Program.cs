using System.CommandLine;
using Urllib4;
using Urllib4.Cli;

using var stop = new CancellationTokenSource();
int signal = 0;
using IDisposable signals = Terminal.CancelOnSignal(stop, code => signal = code);
try
{
    RootCommand root = CommandTree.Create();
    // An argument such as @file belongs to the options of this program, and not to its parser.
    ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
    if ((parsed.Errors.Count > 0 || Usage.Mistaken(parsed) is not null) && parsed.Action is not System.CommandLine.Help.HelpAction)
        return Usage.Complain(parsed);
    var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
    return await parsed.InvokeAsync(configuration, stop.Token).ConfigureAwait(false);
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Terminal.Complain(signal == ExitCodes.Terminated ? "terminated" : "interrupted");
    return signal;
}
catch (Exception e)
{
    Terminal.Complain(Failures.Describe(e));
    return ExitCodes.Of(e);
}
