using Urllib4.Connections;
using Urllib4.Pools;
using Urllib4.TestKit;

namespace Urllib4.Tests.Pools;

/// <summary>Random events, a plain model beside the state, and what must be true after every single one.</summary>
public sealed class PoolStatePropertyTests
{
    private const int Seeds = 10_000;
    private const int EventsPerSeed = 60;

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    public void Whatever_happens_no_place_is_lost_and_nothing_is_in_two_places(bool block, int mostCapacity)
    {
        for (int seed = 0; seed < Seeds; seed++)
            new Model(seed, block, mostCapacity).Run(EventsPerSeed);
    }

    private sealed class Model
    {
        private static readonly VirtualTime Clock = new();
        private readonly int _seed;
        private readonly bool _block;
        private readonly int _maxSize;
        private readonly int _mostCapacity;
        private readonly Random _random;
        private readonly PoolState _state;
        private readonly List<FakeConnection> _lent = []; // one entry for each lease
        private readonly List<FakeConnection> _closing = [];
        private readonly List<bool> _dialing = [];
        private readonly List<PoolTicket> _queue = [];
        private readonly HashSet<HttpConnection> _seen = [];
        private readonly List<PoolTicket> _served = []; // served by the state, not looked at by their owners yet

        public Model(int seed, bool block, int mostCapacity)
        {
            _seed = seed;
            _block = block;
            _mostCapacity = mostCapacity;
            _random = new Random(seed);
            _maxSize = _random.Next(1, 4);
            _state = new PoolState(_maxSize, block);
        }

        private IEnumerable<FakeConnection> HandedOver => from ticket in _served
                                                          where ticket.Outcome.Step == PoolStep.Reuse
                                                          select (FakeConnection)ticket.Outcome.Connection!;

        public void Run(int events)
        {
            for (int i = 0; i < events; i++)
            {
                Step(_random.Next(100));
                Check();
            }

            Settle();
        }

        private void Step(int dice)
        {
            if (dice < 30)
                Borrow(isBlocking: dice % 2 == 0, fresh: dice % 5 == 0);
            else if (dice < 42)
                EndDial(succeeds: dice < 38);
            else if (dice < 57)
                Return(dice < 53);
            else if (dice < 65)
                ReportClosed();
            else if (dice < 77)
                LookAtOutcome();
            else if (dice < 84)
                TimeOut();
            else if (dice < 88)
                FindDead();
            else if (dice < 90)
                LookAtIdle();
            else if (dice < 98)
                Change(dice);
            else if (dice == 98)
                _closing.AddRange(_state.Retire().Cast<FakeConnection>());
        }

        private void Borrow(bool isBlocking, bool fresh)
        {
            int fullest = WithRoom().Select(static connection => connection.InUse).DefaultIfEmpty().Max();
            PoolDecision decision = _state.Borrow(isBlocking, fresh, out PoolTicket? ticket);
            Must(fresh || fullest == 0 || decision.Connection?.InUse == fullest + 1, "It was not the fullest.");
            Must(decision.Step != PoolStep.Reuse || !_closing.Contains(decision.Connection!), "Lent, but to be closed.");
            Follow(decision, ticket, isBlocking);
        }

        private void Follow(PoolDecision decision, PoolTicket? ticket, bool isBlocking)
        {
            switch (decision.Step)
            {
                case PoolStep.Reuse:
                    _lent.Add((FakeConnection)decision.Connection!);
                    break;
                case PoolStep.Dial:
                    _dialing.Add(isBlocking);
                    break;
                case PoolStep.Wait:
                    _queue.Add(ticket!);
                    break;
                default:
                    Assert.Fail("Nobody closed the pool.");
                    break;
            }
        }

        private void EndDial(bool succeeds)
        {
            if (!TryTake(_dialing, out bool isBlocking))
                return;
            if (succeeds)
            {
                FakeConnection connection = new FakeConnection(Clock, isBlocking).Carrying(_random.Next(1, _mostCapacity + 1));
                PoolTicket? served = _state.Opened(connection);
                _lent.Add(connection);
                Served(served);
            }
            else
            {
                Served(_state.DialFailed());
            }
        }

        private void Return(bool reusable)
        {
            if (TryTake(_lent, out FakeConnection? connection))
                GiveBack(connection!, reusable);
        }

        private void GiveBack(FakeConnection connection, bool reusable)
        {
            if (!_state.Return(connection, reusable, out PoolTicket? served))
                _closing.Add(connection);
            Served(served);
        }

        private void ReportClosed()
        {
            if (TryTake(_closing, out FakeConnection? connection))
                Served(_state.Closed(connection!));
        }

        // The owner of a served ticket wakes up some time later and goes on with what it got.
        private void LookAtOutcome()
        {
            if (TryTake(_served, out PoolTicket? ticket))
                Follow(ticket!.Outcome, null, isBlocking: false);
        }

        // The time of a ticket runs out, whether it is still in the queue or was served a moment ago.
        private void TimeOut()
        {
            int index = _random.Next(_queue.Count + _served.Count + 1);
            if (index < _queue.Count)
            {
                Must(_state.Withdraw(_queue[index]), "The ticket left the queue by itself.");
                _queue.RemoveAt(index);
            }
            else if (index < _queue.Count + _served.Count)
            {
                PoolTicket ticket = _served[index - _queue.Count];
                _served.RemoveAt(index - _queue.Count);
                Must(!_state.Withdraw(ticket), "Served and withdrawn.");
                if (ticket.Outcome.Step == PoolStep.Reuse)
                    GiveBack((FakeConnection)ticket.Outcome.Connection!, reusable: true);
                else
                    Served(_state.DialFailed());
            }
        }

        private void FindDead()
        {
            if (!TryTake(_lent, out FakeConnection? dead))
                return;
            PoolDecision decision = _state.TurnDown(dead!)
                ? _state.BorrowInsteadOf(dead!, dead!.IsBlocking, out PoolTicket? ticket)
                : _state.Borrow(dead!.IsBlocking, fresh: false, out ticket);
            Follow(decision, ticket, dead.IsBlocking);
        }

        private void LookAtIdle()
        {
            if (_state.ListIdle() is not [FakeConnection oldest, ..])
                return;
            Must(_state.TryTakeIdle(oldest), "It was idle.");
            Must(!_state.TryTakeIdle(oldest), "It was taken.");
            _lent.Add(oldest);
        }

        private void Change(int dice)
        {
            (List<HttpConnection> idle, List<HttpConnection> busy) = _state.List();
            List<HttpConnection> open = [.. idle, .. busy];
            if (open.Count == 0)
                return;
            var connection = (FakeConnection)open[_random.Next(open.Count)];
            if (_mostCapacity > 1 && dice < 96)
                connection.Allow(_random.Next(_mostCapacity + 1));
            else if (dice == 96)
                connection.Leave();
            else
                connection.BreakOff();
            if (!_state.Changed(connection, out PoolTicket? served))
                _closing.Add(connection);
            Served(served);
        }

        private void Served(PoolTicket? ticket)
        {
            for (; ticket is not null; ticket = ticket.Next)
            {
                Must(_queue.Count > 0 && ReferenceEquals(_queue[0], ticket), "Somebody overtook.");
                Must(ticket.Outcome.Step != PoolStep.Reuse || !_closing.Contains(ticket.Outcome.Connection!), "Lent, but to be closed.");
                _queue.RemoveAt(0);
                _served.Add(ticket);
            }
        }

        private IEnumerable<FakeConnection> WithRoom() => _lent.Concat(HandedOver)
            .Where(connection => connection is { IsGivenUp: false, FreeSlots: > 0 } && !_closing.Contains(connection));

        private void Check()
        {
            PoolCounts counts = _state.Counts;
            (List<HttpConnection> idle, List<HttpConnection> busy) = _state.List();
            FakeConnection[] used = [.. _lent, .. HandedOver];
            int told = _served.Count(static ticket => ticket.Outcome.Step == PoolStep.Dial);
            Must(used.Where(busy.Contains).Concat(_closing).Distinct().Count() == counts.Busy, "Busy ones got lost.");
            Must(counts.Dialing == _dialing.Count + told, "Dials got lost.");
            Must(counts.Waiting == _queue.Count, "Waiters got lost.");
            Must(counts.Idle <= _maxSize, "Too many are kept.");
            Must(!_block || counts.Busy + counts.Idle + counts.Dialing <= _maxSize, "The limit is broken.");
            Must(counts.Waiting == 0 || (counts.Idle == 0 && counts.Busy + counts.Dialing >= _maxSize), "Somebody waits for nothing.");
            Must(counts.Waiting == 0 || !WithRoom().Any(), "Somebody waits although there is room.");
            Must(_block || counts.Waiting == 0, "Somebody waits in a pool that does not block.");
            Must(Array.TrueForAll(used, one => one.InUse == used.Count(other => other == one)), "Leases got lost.");
            Must(idle.TrueForAll(static one => one.InUse == 0), "Idle, but in use.");
            _seen.Clear();
            _seen.UnionWith(idle);
            _seen.UnionWith(busy);
            Must(_seen.Count == idle.Count + busy.Count, "In two places.");
            Must(Array.TrueForAll(used, one => busy.Contains(one) || one.IsOver), "Lent, but not known.");
        }

        // Everybody finishes; then nothing is in use, nobody waits, and the pool is as good as new.
        private void Settle()
        {
            while (_lent.Count + _closing.Count + _dialing.Count + _served.Count > 0)
            {
                LookAtOutcome();
                EndDial(succeeds: false);
                Return(reusable: true);
                ReportClosed();
                Check();
            }

            Must(_state.Counts is { Busy: 0, Dialing: 0, Waiting: 0 }, "Not as good as new.");
            for (int i = 0; i < _maxSize; i++)
                Must(_state.Borrow(isBlocking: false, fresh: false, out _).Step is PoolStep.Reuse or PoolStep.Dial, "Not as good as new.");
        }

        private bool TryTake<T>(List<T> list, out T? item)
        {
            item = default;
            if (list.Count == 0)
                return false;
            int index = _random.Next(list.Count);
            item = list[index];
            list.RemoveAt(index);
            return true;
        }

        private void Must(bool condition, string otherwise)
        {
            if (!condition)
                Assert.Fail($"{otherwise} Seed {_seed}, size {_maxSize}, block {_block}: {_state}");
        }
    }
}
