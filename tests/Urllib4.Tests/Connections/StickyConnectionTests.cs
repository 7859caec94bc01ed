using Urllib4.Connections;
using Urllib4.TestKit;
using Urllib4.Tests.Connections.Http1;

namespace Urllib4.Tests.Connections;

public sealed class StickyConnectionTests : IDisposable
{
    private readonly Http1Rig _owner = new(new Dialogue().Stall());
    private readonly StickyConnection _sticky;

    public StickyConnectionTests() => _sticky = new StickyConnection(_owner);

    public void Dispose() => _owner.Dispose();

    [Fact]
    public void What_comes_back_is_kept_for_the_next_request_and_given_to_it_once()
    {
        Borrow().Release(reusable: true);

        Assert.Empty(_owner.Returns);
        Assert.Same(_owner.Connection, _sticky.Take().Connection);
        Assert.False(_sticky.IsHolding);
    }

    [Fact]
    public void What_cannot_be_used_again_goes_back_to_the_owner_at_once()
    {
        Borrow().Release(reusable: false);

        Assert.Equal([false], _owner.Returns);
        Assert.False(_sticky.IsHolding);
    }

    [Fact]
    public void At_the_end_what_was_kept_goes_back_and_so_does_what_comes_later()
    {
        Borrow().Release(reusable: true);
        _sticky.End();
        Assert.Equal([true], _owner.Returns);
        _sticky.End();

        Borrow().Release(reusable: true);

        Assert.Equal([true, true], _owner.Returns);
    }

    private Lease Borrow() => _sticky.Keep(new Lease(_owner.Connection, _owner));
}
