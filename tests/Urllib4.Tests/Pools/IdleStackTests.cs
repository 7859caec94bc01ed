using Urllib4.Connections;
using Urllib4.Pools;
using Urllib4.TestKit;

namespace Urllib4.Tests.Pools;

public sealed class IdleStackTests
{
    private readonly VirtualTime _clock = new();

    [Fact]
    public void An_empty_stack_gives_nothing_from_either_end()
    {
        var stack = new IdleStack();
        Assert.False(stack.TryPop(out _));
        Assert.False(stack.TryTakeOldest(out _));
    }

    [Fact]
    public void It_behaves_like_a_list_with_two_ends()
    {
        var stack = new IdleStack();
        List<HttpConnection> list = [];
        var random = new Random(1);
        for (int i = 0; i < 5_000; i++)
        {
            // More pushes than takes, so that it grows with its oldest somewhere in the middle of the ring.
            int dice = random.Next(10);
            if (dice < 5)
            {
                var connection = new FakeConnection(_clock);
                stack.Push(connection);
                list.Add(connection);
            }
            else if (dice == 9)
            {
                HttpConnection picked = list.Count == 0 ? new FakeConnection(_clock) : list[random.Next(list.Count)];
                Assert.Equal(list.Remove(picked), stack.TryRemove(picked));
                Assert.False(stack.TryRemove(picked));
            }
            else if (list.Count > 0)
            {
                int index = dice < 7 ? list.Count - 1 : 0;
                Assert.True(dice < 7 ? stack.TryPop(out HttpConnection? taken) : stack.TryTakeOldest(out taken));
                Assert.Same(list[index], taken);
                list.RemoveAt(index);
            }

            Assert.Equal(list.Count, stack.Count);
        }

        List<HttpConnection> copy = [];
        stack.CopyTo(copy);
        Assert.Equal(list, copy);
    }

    [Fact]
    public void What_was_taken_is_not_kept_alive()
    {
        var stack = new IdleStack();
        (WeakReference first, WeakReference second) = PushAndTake(stack);
        GC.Collect();
        Assert.False(first.IsAlive);
        Assert.False(second.IsAlive);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private (WeakReference First, WeakReference Second) PushAndTake(IdleStack stack)
    {
        stack.Push(new FakeConnection(_clock));
        stack.Push(new FakeConnection(_clock));
        Assert.True(stack.TryPop(out HttpConnection? youngest));
        Assert.True(stack.TryTakeOldest(out HttpConnection? oldest));
        return (new WeakReference(youngest), new WeakReference(oldest));
    }
}
