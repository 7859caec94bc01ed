using Urllib4.Cli.Output;

namespace Urllib4.Cli.Requests;

/// <summary>Sends one request and shows what came.</summary>
internal static class RequestRun
{
    public static Task<int> Run(RequestInput input, CancellationToken cancellationToken)
    {
        // What the pool would wait for is a system call, so a request of one program needs no second thread.
        RequestPlan plan = RequestPlan.Of(input);
        if (input.Output.AsCurl)
        {
            Console.Out.WriteLine(WithAuth(input, plan).Request.ToCurl(plan.Method, plan.Url, plan.Pool));
            return Task.FromResult(ExitCodes.Success);
        }

        HarRecorder? recorder = input.Output.Har is null
            ? null
            : new HarRecorder(new HarOptions { DangerousKeepSecrets = input.Output.HarSecrets });
        HttpEvents? wire = input.Output.Verbose ? new WireLog(Console.Error) : null;
        HttpEvents? events = recorder is not null && wire is not null ? new BothEvents(recorder, wire) : recorder ?? wire;
        PoolOptions pool = plan.Pool with { Events = events };
        try
        {
            return Task.FromResult(Send(plan with { Pool = pool }, input.Output, cancellationToken));
        }
        finally
        {
            recorder?.Save(input.Output.Har!);
        }
    }

    private static int Send(RequestPlan plan, OutputInput output, CancellationToken cancellationToken)
    {
        using var manager = new PoolManager(plan.Pool);
        try
        {
            using UrllibResponse response = manager.Request(plan.Method, plan.Url, plan.Request, cancellationToken);
            using (cancellationToken.Register(response.Dispose))
            {
                try
                {
                    ResponseOutput.Write(response, plan, output);
                }
                catch (ObjectDisposedException) when (cancellationToken.IsCancellationRequested)
                {
                    throw new OperationCanceledException(cancellationToken);
                }
            }

            if (output.Explain)
                Waterfall.Draw(response.Report!, Console.Error);
            return ExitCodes.Of(response.Status);
        }
        catch (HttpException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (output.Explain && e.Report is { } report)
                Waterfall.Draw(report, Console.Error);
            throw;
        }
    }

    // A line for curl has its own way to say who one is, and a header says the same.
    private static RequestPlan WithAuth(RequestInput input, RequestPlan plan)
    {
        string? value = input.Bearer is { } token ? $"Bearer {token}"
            : input.User is { } user && !input.Digest ? $"Basic {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(user))}"
            : null;
        if (value is null)
            return plan;
        HttpHeaderDict headers = plan.Request.Headers.Clone();
        headers["Authorization"] = value;
        return plan with { Request = plan.Request with { Headers = headers } };
    }
}
