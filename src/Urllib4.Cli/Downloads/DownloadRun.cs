using System.Security.Cryptography;
using Spectre.Console;

namespace Urllib4.Cli.Downloads;

/// <summary>
/// Gets the files of a plan, several at once, each on a thread of its own. The library keeps what has come in <c>name.part</c> beside what
/// it is a part of, and puts two versions of a file never together.
/// </summary>
internal sealed class DownloadRun(DownloadPlan plan, CancellationToken cancellationToken)
{
    private readonly Lock _gate = new();
    private int _next;
    private int _code = ExitCodes.Success;

    public int Run()
    {
        if (plan.Sha256 is { } hex && (plan.Targets.Count > 1 || hex.Length != 64 || !hex.All(char.IsAsciiHexDigit)))
            throw CliException.Usage("--sha256 takes the 64 digits of one file");
        using var manager = new PoolManager(plan.Pool with { MaxSize = plan.Parallel });
        if (Console.IsErrorRedirected || !Terminal.HasColours(false))
        {
            Work(manager, static _ => null);
        }
        else
        {
            IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
            console.Progress()
                .Columns(
                    new TaskDescriptionColumn(),
                    new ProgressBarColumn(),
                    new DownloadedColumn(),
                    new TransferSpeedColumn(),
                    new RemainingTimeColumn())
                .Start(context => Work(manager, target => context.AddTask(Markup.Escape(Path.GetFileName(target.Path)), autoStart: false)));
        }

        cancellationToken.ThrowIfCancellationRequested();
        return _code;
    }

    private void Work(PoolManager manager, Func<DownloadTarget, ProgressTask?> show)
    {
        (DownloadTarget Target, ProgressTask? Task)[] all = [.. plan.Targets.Select(t => (t, show(t)))];
        Thread[] threads = [.. Enumerable.Range(0, Math.Min(plan.Parallel, all.Length)).Select(_ => new Thread(Each))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();

        void Each()
        {
            while (Interlocked.Increment(ref _next) is var n && n <= all.Length && !cancellationToken.IsCancellationRequested)
                Get(manager, all[n - 1].Target, all[n - 1].Task);
        }
    }

    private void Get(PoolManager manager, DownloadTarget target, ProgressTask? task)
    {
        try
        {
            task?.StartTask();
            // Under its name is nothing that has not been checked.
            string path = plan.Sha256 is null ? target.Path : target.Path + ".unchecked";
            DownloadResult result = UrllibDownload.ToFile(manager, target.Url, path, new DownloadOptions
            {
                Request = new RequestOptions { Headers = plan.Headers },
                Progress = new Meter(task, plan.Limit, cancellationToken),
            }, cancellationToken);
            Check(path, target.Path);
            task?.StopTask();
            if (task is null)
                Say($"{target.Path}: {result.Length} bytes{(result.BytesKept > 0 ? $", of which {result.BytesKept} were there" : "")}");
        }
        catch (OperationCanceledException)
        {
            // The one who cancelled tells.
        }
        catch (Exception e)
        {
            task?.StopTask();
            lock (_gate)
                _code = _code == ExitCodes.Success ? CodeOf(e) : _code;
            Terminal.Complain($"{target.Path}: {Failures.Describe(e)}");
        }
    }

    private static int CodeOf(Exception error) => error is ResponseException response ? ExitCodes.Of(response.Status) : ExitCodes.Of(error);

    private void Check(string path, string final)
    {
        if (plan.Sha256 is not { } expected)
            return;
        string found;
        using (FileStream file = File.OpenRead(path))
            found = Convert.ToHexStringLower(SHA256.HashData(file));
        if (!found.Equals(expected, StringComparison.OrdinalIgnoreCase))
        {
            File.Delete(path);
            throw new CliException(ExitCodes.Checksum, $"the file is another one: its SHA-256 is {found}");
        }

        File.Move(path, final, overwrite: true);
    }

    private void Say(string line)
    {
        lock (_gate)
            Console.Error.WriteLine(line);
    }

    private sealed class Meter(ProgressTask? task, RateLimit? limit, CancellationToken cancellationToken) : IProgress<TransferProgress>
    {
        private long _last = -1;

        public void Report(TransferProgress value)
        {
            // What was there before does not count against the rate.
            if (_last >= 0 && value.Bytes > _last)
                limit?.Take(value.Bytes - _last, cancellationToken);
            _last = value.Bytes;
            if (task is null)
                return;
            task.MaxValue = value.Total ?? Math.Max(task.MaxValue, value.Bytes);
            task.Value = value.Bytes;
        }
    }
}
