using Urllib4.Connections;

namespace Urllib4.Tests.Connections.Http2;

/// <summary>The buffers that the streams of a connection share.</summary>
public sealed class RecentBuffersTests
{
    [Fact]
    public void A_buffer_that_came_back_is_lent_again()
    {
        var buffers = new RecentBuffers();
        byte[] first = buffers.Rent(10);
        buffers.Return(first);
        Assert.Same(first, buffers.Rent(RecentBuffers.Length));
        Assert.NotSame(first, buffers.Rent(10));
    }

    [Fact]
    public void A_larger_one_is_as_long_as_was_asked_for_and_is_not_kept()
    {
        var buffers = new RecentBuffers();
        byte[] large = buffers.Rent(RecentBuffers.Length + 1);
        Assert.True(large.Length > RecentBuffers.Length);
        buffers.Return(large);
        Assert.Equal(RecentBuffers.Length, buffers.Rent(1).Length);
    }

    [Fact]
    public void An_idle_connection_keeps_none()
    {
        var buffers = new RecentBuffers();
        byte[] own = new byte[RecentBuffers.Length];
        buffers.Return(own);
        buffers.Clear();
        // It may come from the shared pool, but from there only once.
        Assert.NotSame(buffers.Rent(1), buffers.Rent(1));
    }
}
