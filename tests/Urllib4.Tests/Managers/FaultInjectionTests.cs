using Urllib4.TestKit;

namespace Urllib4.Tests.Managers;

/// <summary>
/// Everything that can go wrong on a connection, at every read and write of a call. Whatever it is, the call ends, in a response or an
/// error of the library that says what it knows, and the pool has its place back.
/// </summary>
public sealed class FaultInjectionTests : ModeTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n";

    private static readonly RequestOptions _streamed = new() { PreloadContent = false };

    /// <summary>A way to call, with the peer that answers on each connection.</summary>
    private static readonly Dictionary<string, (Func<Dialogue> Peer, Func<CallRig, Mode, CancellationToken, Task<string>> Run)> _calls = new()
    {
        ["get"] = (
            static () => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok + "hello").Send(" world")),
            static (rig, mode, token) => Text(rig.Send(mode, "GET", "/", null, token))),
        ["get twice"] = (
            static () => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok + "hello world")),
            static async (rig, mode, token) =>
            {
                await rig.Send(mode, "GET", "/", null, token);
                return await Text(rig.Send(mode, "GET", "/", null, token));
            }),
        ["post"] = (
            static () => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok + "hello world")),
            static (rig, mode, token) => Text(rig.Send(mode, "POST", "/", new() { Body = RequestBody.FromString("abc") }, token))),
        ["upload in parts"] = (
            static () => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok + "hello world")),
            static (rig, mode, token) => Text(rig.Send(mode, "POST", "/", new() { Body = Parts() }, token))),
        ["put twice over"] = (
            static () => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok + "hello world")),
            static (rig, mode, token) => Text(rig.Send(mode, "PUT", "/", new() { Body = Parts(), Retries = 3 }, token))),
        ["expect"] = (
            static () => new Dialogue().Loop(
                static d => d.ExpectHead().Send("HTTP/1.1 100 Continue\r\n\r\n").ExpectBody().Send(Ok + "hello world")),
            static (rig, mode, token) => Text(rig.Send(
                mode,
                "POST",
                "/",
                new() { Body = RequestBody.FromString("abc"), Headers = new HttpHeaderDict { ["Expect"] = "100-continue" } },
                token))),
        ["redirect"] = (
            static () => new Dialogue().Loop(static d => d.ExpectRequest().Respond(static r => r.Target == "/"
                ? "HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Length: 4\r\n\r\ngone"
                : Ok + "hello world")),
            static (rig, mode, token) => Text(rig.Send(mode, "GET", "/", null, token))),
        ["chunks"] = (
            static () => new Dialogue().Loop(static d => d.ExpectRequest()
                .Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").Send("5\r\nhello\r\n").Send("6\r\n world\r\n0\r\n\r\n")),
            static (rig, mode, token) => Text(rig.Send(mode, "GET", "/", null, token))),
        ["streamed"] = (
            static () => new Dialogue().Loop(static d => d.ExpectRequest().Send(Ok + "hello").Send(" world")),
            static async (rig, mode, token) =>
            {
                using UrllibResponse response = await rig.Send(mode, "GET", "/", _streamed, token);
                return await CallRig.ReadParts(mode, response, token);
            }),
        ["until the end"] = (
            static () => new Dialogue().ExpectRequest().Send("HTTP/1.1 200 OK\r\n\r\nhello").Send(" world").Eof(),
            static (rig, mode, token) => Text(rig.Send(mode, "GET", "/", null, token))),
    };

    public static TheoryData<string, Fault, Mode> Cases()
    {
        var cases = new TheoryData<string, Fault, Mode>();
        foreach (string call in _calls.Keys)
        {
            foreach (Fault fault in Enum.GetValues<Fault>())
            {
                cases.Add(call, fault, Mode.Blocking);
                cases.Add(call, fault, Mode.Asynchronous);
            }
        }

        return cases;
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task A_fault_at_any_operation_ends_in_a_response_or_in_an_error_of_the_library(string call, Fault fault, Mode mode)
    {
        int operations = await Strike(call, Fault.None, 0, mode);
        Assert.InRange(operations, 2, 50);
        for (int at = 1; at <= operations; at++)
            await Strike(call, fault, at, mode);
    }

    private static async Task<int> Strike(string name, Fault fault, int at, Mode mode)
    {
        string what = $"{fault} at operation {at} of '{name}'";
        using var cancellation = new CancellationTokenSource();
        var plan = new FaultPlan(fault, at, cancellation);
        var clock = new VirtualTime();
        (Func<Dialogue> peer, Func<CallRig, Mode, CancellationToken, Task<string>> run) = _calls[name];
        var rig = new CallRig(() => new FaultyStream(new ScriptedPeer(peer(), clock).ClientEnd, plan), clock);
        Task<string> call = run(rig, mode, cancellation.Token);
        await Task.WhenAny(call, plan.Stalled).WaitAsync(CallRig.Guard);
        // What stalls is ended by a limit, sooner or later: the time goes on until then.
        for (long start = TimeProvider.System.GetTimestamp(); !call.IsCompleted;)
        {
            clock.Advance(TimeSpan.FromMinutes(2));
            await Task.WhenAny(call, Task.Delay(1));
            Assert.True(TimeProvider.System.GetElapsedTime(start) < CallRig.Guard, $"{what} hangs.");
        }

        bool succeeds = fault is Fault.None or Fault.Trickle;
        try
        {
            string body = await call;
            // An orderly end is the end, where nothing else tells how long the body is.
            bool mayBeShort = name == "until the end" && fault == Fault.EndOfStream;
            Assert.Equal(mayBeShort ? "hello world"[..body.Length] : "hello world", body);
        }
        catch (HttpException e) when (!succeeds)
        {
            AssertComplete(e, what);
        }
        catch (OperationCanceledException e) when (fault == Fault.Cancel)
        {
            Assert.Equal(cancellation.Token, e.CancellationToken);
        }
        catch (Exception e)
        {
            Assert.Fail($"{what}: {e}");
        }

        Assert.Equal((0, 0, 0), (rig.Counts.Busy, rig.Counts.Dialing, rig.Counts.Waiting));
        Assert.True(succeeds || plan.Struck!.IsDisposed, $"{what}: the connection is still open");
        rig.Dispose();
        return plan.Operations;
    }

    private static void AssertComplete(HttpException error, string what)
    {
        string text = $"{what}: {error}";
        Assert.True(error.Url?.Host == "example.com", text);
        Assert.True(error.Connection is { BytesWritten: > 0 }, text);
        Assert.True(error.ServerMayHaveActed, text);
        Assert.True(error.IsTransient, text);
        Assert.True(error.Initiator == Initiator.Network, text);
        Assert.True(error.Phase is HttpPhase.Send or HttpPhase.Head or HttpPhase.Body, text);
        Assert.True(error.NotRetriedBecause is not null, text);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Contains($"[{error.Phase}, http://example.com/", error.Message, StringComparison.Ordinal);
    }

    private static RequestBody Parts() => RequestBody.FromChunks([new byte[] { 1, 2 }, new byte[] { 3 }, new byte[] { 4, 5, 6 }]);

    private static async Task<string> Text(Task<UrllibResponse> call) => (await call).Text();
}
