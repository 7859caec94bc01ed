using System.Net;
using System.Net.Sockets;
using Urllib4.Primitives;
using Urllib4.TestKit;
using Urllib4.Transport;
using Urllib4.Waiting;

namespace Urllib4.SocketTests.Transport;

/// <summary>How a connection that lay idle is looked at before it is used again: by a question, or by the receive that comes next.</summary>
public sealed class IdleLookTests : ModeTests
{
    [Theory, ClassData(typeof(BothModes))]
    public void A_silent_connection_is_quiet(Mode mode)
    {
        using var ends = new Ends(mode);
        Assert.True(ends.Wire.IsQuiet(mode == Mode.Blocking));
        Assert.Equal(mode == Mode.Asynchronous, ends.Wire.IsReceiving);
    }

    [Theory, ClassData(typeof(BothModes))]
    public void A_byte_that_nobody_asked_for_makes_it_unfit_for_good(Mode mode)
    {
        using var ends = new Ends(mode);
        ends.Server.Send("H"u8);
        ends.WaitUntilReadable();

        Assert.False(ends.Wire.IsQuiet(mode == Mode.Blocking));
        Assert.False(ends.Wire.IsQuiet(mode == Mode.Blocking));
        Assert.False(ends.Wire.IsReceiving);
    }

    [Theory, ClassData(typeof(BothModes))]
    public void A_server_that_has_gone_makes_it_unfit(Mode mode)
    {
        using var ends = new Ends(mode);
        ends.Server.Shutdown(SocketShutdown.Both);
        ends.WaitUntilReadable();

        Assert.False(ends.Wire.IsQuiet(mode == Mode.Blocking));
    }

    [Fact]
    public async Task What_the_look_began_to_receive_is_what_is_received_next()
    {
        using var ends = new Ends(Mode.Asynchronous);
        Assert.True(ends.Wire.IsQuiet(isBlocking: false));
        ends.Wire.Await(HttpPhase.Head, TimeSpan.FromMinutes(2), Deadline.None);
        ends.Server.Send("HTTP"u8);

        Assert.Equal(4, await ends.Wire.Fill<Asynchronous>());
        Assert.True(ends.Wire.Unread.SequenceEqual("HTTP"u8));
        Assert.False(ends.Wire.IsReceiving);
    }

    [Fact]
    public void A_connection_that_was_looked_at_and_then_not_used_is_not_used_again()
    {
        using var ends = new Ends(Mode.Asynchronous);
        Assert.True(ends.Wire.IsQuiet(isBlocking: false));
        ends.Wire.Rest();

        Assert.False(ends.Wire.IsReceiving);
        Assert.False(ends.Wire.IsQuiet(isBlocking: false));
        Assert.False(ends.Wire.IsQuiet(isBlocking: true));
    }

    // A wire and the socket at its other end.
    private sealed class Ends : IDisposable
    {
        private readonly Socket _client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public Ends(Mode mode)
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            _client.Connect(listener.LocalEndPoint!);
            Server = listener.Accept();
            Wire = new Wire(new SocketStream(_client, TimeProvider.System), TimeProvider.System, mode == Mode.Blocking, "localhost");
            Wire.Rest();
        }

        public Wire Wire { get; }

        public Socket Server { get; }

        public void WaitUntilReadable() => Assert.True(_client.Poll(TimeSpan.FromMinutes(2), SelectMode.SelectRead));

        public void Dispose()
        {
            Wire.Close();
            Server.Dispose();
        }
    }
}
