using System.CommandLine;

namespace Urllib4.Cli.Requests;

/// <summary>The option of commands with many requests to write what happened as HAR.</summary>
internal sealed class HarFlag
{
    public Option<string?> Option { get; } = RequestFlags.One("--har", "file", "Write what happened as HAR 1.2, without secrets");

    /// <summary>Runs something with a pool whose calls are recorded if that was asked for, and writes them however it ends.</summary>
    public async Task<int> Run(ParseResult parsed, PoolOptions pool, Func<PoolOptions, Task<int>> run)
    {
        if (parsed.GetValue(Option) is not { } path)
            return await run(pool).ConfigureAwait(false);
        // Bodies of whole files help nobody in there.
        var recorder = new HarRecorder(new HarOptions { MaxBodyBytes = 0 });
        try
        {
            return await run(pool with { Events = recorder }).ConfigureAwait(false);
        }
        finally
        {
            recorder.Save(path);
        }
    }
}
