using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Urllib4.TestKit;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.SocketTests.Transport;

public sealed class SocketStreamTests : ClientTests
{
    [Fact]
    public async Task No_buffer_outlives_its_operation()
    {
        (Socket client, Socket server) = await Pair();
        await using var stream = new SocketStream(client, TimeProvider.System);
        WeakReference read = await ReadOnce(stream, server);
        WeakReference written = await WriteUntilItWaits(stream, server);
        server.Dispose();

        // The stack that ends an operation still holds its buffer.
        await Task.Yield();
        Until(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return !read.IsAlive && !written.IsAlive;
        });
        GC.KeepAlive(stream);
    }

    [Fact]
    public async Task What_comes_after_the_first_look_is_seen_by_the_second()
    {
        foreach (bool isBlocking in new[] { true, false })
        {
            (Socket client, Socket server) = await Pair();
            using var wire = new Wire(new SocketStream(client, TimeProvider.System), TimeProvider.System, isBlocking, "example.com");
            wire.Rest();
            Assert.True(wire.IsQuiet(isBlocking));
            await server.SendAsync("x"u8.ToArray());
            Until(() => client.Available > 0 || wire.IsReceiving);
            Until(() =>
            {
                wire.Await(HttpPhase.Send, TimeSpan.FromSeconds(30), Primitives.Deadline.None);
                return !wire.IsStillQuiet();
            });
            server.Dispose();
        }
    }

    [Theory, ClassData(typeof(BothModes))]
    public async Task A_request_that_never_has_to_wait_for_room_has_no_limit(Mode mode)
    {
        (Socket client, Socket server) = await Pair();
        var time = new VirtualTime();
        using var wire = new Wire(new SocketStream(client, time), time, mode == Mode.Blocking, "example.com");
        wire.Await(HttpPhase.Send, TimeSpan.FromSeconds(2), Primitives.Deadline.None);
        byte[] data = new byte[32 * 1024];
        for (int i = 0; i < 8; i++)
        {
            await Call(mode, () => Completed(wire.Write<Blocking>(data)), () => wire.Write<Asynchronous>(data).AsTask());
            for (int taken = 0; taken < data.Length;)
                taken += await server.ReceiveAsync(data.AsMemory(taken));
            time.Advance(TimeSpan.FromSeconds(1.5));
        }

        server.Dispose();
    }

    [Fact]
    public async Task What_was_not_acknowledged_was_not_taken()
    {
        (Socket client, Socket server) = await Pair();
        await using var stream = new SocketStream(client, TimeProvider.System);
        ValueTask writing = stream.WriteAsync(new byte[32 * 1024 * 1024]);
        Assert.False(writing.IsCompleted);
        long before = stream.Taken;

        byte[] buffer = new byte[1024 * 1024];
        for (int read = 0; read < 8 * 1024 * 1024;)
            read += await server.ReceiveAsync(buffer);

        Until(() => stream.Taken > before);
        server.Dispose();
        await Assert.ThrowsAsync<SocketException>(async () => await writing);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> ReadOnce(SocketStream stream, Socket server)
    {
        byte[] buffer = new byte[1000];
        ValueTask<int> reading = stream.ReadAsync(buffer);
        await server.SendAsync("hello"u8.ToArray());
        Assert.Equal(5, await reading);
        return new WeakReference(buffer);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> WriteUntilItWaits(SocketStream stream, Socket server)
    {
        byte[] data = new byte[16 * 1024 * 1024];
        ValueTask writing = stream.WriteAsync(data);
        byte[] buffer = new byte[1024 * 1024];
        for (int read = 0; read < data.Length;)
            read += await server.ReceiveAsync(buffer);
        await writing;
        return new WeakReference(data);
    }

    private static void Completed(ValueTask task)
    {
        Assert.True(task.IsCompleted);
#pragma warning disable RS0030 // it is complete, so this only unwraps it
        task.GetAwaiter().GetResult();
#pragma warning restore RS0030
    }

    private static async Task<(Socket Client, Socket Server)> Pair()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndPoint!);
        return (client, await listener.AcceptAsync());
    }
}
