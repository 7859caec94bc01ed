using Urllib4.Primitives;
using Urllib4.TestKit;

namespace Urllib4.Tests.Primitives;

public sealed class CoarseTimeTests
{
    [Fact]
    public void On_a_clock_of_its_own_it_is_exact()
    {
        var clock = new VirtualTime();
        TimeSpan start = clock.GetCoarseTime();
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(TimeSpan.FromTicks(1), clock.GetCoarseTime() - start);
    }

    [Fact]
    public void On_the_clock_of_the_system_it_goes_on_and_never_back()
    {
        TimeSpan start = TimeProvider.System.GetCoarseTime(), last = start;
        Assert.True(SpinWait.SpinUntil(GoesOn, TimeSpan.FromMinutes(2)), "It stands still.");

        bool GoesOn()
        {
            TimeSpan now = TimeProvider.System.GetCoarseTime();
            Assert.True(now >= last);
            last = now;
            return now > start;
        }
    }
}
