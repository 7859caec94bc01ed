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
    [InlineData(true)]
    [InlineData(false)]
    public void Whatever_happens_no_place_is_lost_and_nothing_is_in_two_places(bool block)
    {
        for (int seed = 0; seed < Seeds; seed++)
            new Model(seed, block).Run(EventsPerSeed);
    }

    private sealed class Model
    {
        private static readonly VirtualTime Clock = new();
        private readonly int _seed;
        private readonly bool _block;
        private readonly int _maxSize;
        private readonly Random _random;
        private readonly PoolState _state;
        private readonly List<HttpConnection> _lent = [];
        private readonly List<HttpConnection> _closing = [];
        private readonly List<bool> _dialing = [];
        private readonly List<PoolTicket> _queue = [];
        private readonly HashSet<HttpConnection> _seen = [];
        private readonly List<PoolTicket> _served = []; // served by the state, not looked at by their owners yet

        public Model(int seed, bool block)
        {
            _seed = seed;
            _block = block;
            _random = new Random(seed);
            _maxSize = _random.Next(1, 4);
            _state = new PoolState(_maxSize, block);
        }

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
            else if (dice < 60)
                Return(dice < 54);
            else if (dice < 70)
                ReportClosed();
            else if (dice < 82)
                LookAtOutcome();
            else if (dice < 92)
                TimeOut();
            else if (dice < 98)
                FindDead();
            else if (dice == 98)
                _closing.AddRange(_state.Retire());
        }

        private void Borrow(bool isBlocking, bool fresh) =>
            Follow(_state.Borrow(isBlocking, fresh, out PoolTicket? ticket), ticket, isBlocking);

        private void Follow(PoolDecision decision, PoolTicket? ticket, bool isBlocking)
        {
            switch (decision.Step)
            {
                case PoolStep.Reuse:
                    _lent.Add(decision.Connection!);
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
                var connection = new FakeConnection(Clock, isBlocking);
                _state.Opened(connection);
                _lent.Add(connection);
            }
            else
            {
                Served(_state.DialFailed());
            }
        }

        private void Return(bool reusable)
        {
            if (TryTake(_lent, out HttpConnection? connection))
                GiveBack(connection!, reusable);
        }

        private void GiveBack(HttpConnection connection, bool reusable)
        {
            PoolTicket? served = null;
            if (!reusable || !_state.Return(connection, out served))
                _closing.Add(connection);
            Served(served);
        }

        private void ReportClosed()
        {
            if (TryTake(_closing, out HttpConnection? connection))
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
                    GiveBack(ticket.Outcome.Connection!, reusable: true);
                else
                    Served(_state.DialFailed());
            }
        }

        private void FindDead()
        {
            if (TryTake(_lent, out HttpConnection? dead))
                Follow(_state.BorrowInsteadOf(dead!, dead!.IsBlocking, out PoolTicket? ticket), ticket, dead.IsBlocking);
        }

        private void Served(PoolTicket? ticket)
        {
            if (ticket is null)
                return;
            Must(_queue.Count > 0 && ReferenceEquals(_queue[0], ticket), "Somebody overtook.");
            _queue.RemoveAt(0);
            _served.Add(ticket);
        }

        private void Check()
        {
            int handedOver = _served.Count(static ticket => ticket.Outcome.Step == PoolStep.Reuse);
            int told = _served.Count - handedOver;
            PoolCounts counts = _state.Counts;
            Must(counts.Busy == _lent.Count + _closing.Count + handedOver, "Busy ones got lost.");
            Must(counts.Dialing == _dialing.Count + told, "Dials got lost.");
            Must(counts.Waiting == _queue.Count, "Waiters got lost.");
            Must(counts.Idle <= _maxSize, "Too many are kept.");
            Must(!_block || counts.Busy + counts.Idle + counts.Dialing <= _maxSize, "The limit is broken.");
            Must(counts.Waiting == 0 || (counts.Idle == 0 && counts.Busy + counts.Dialing >= _maxSize), "Somebody waits for nothing.");
            Must(_block || counts.Waiting == 0, "Somebody waits in a pool that does not block.");
            (List<HttpConnection> idle, List<HttpConnection> busy) = _state.List();
            _seen.Clear();
            _seen.UnionWith(idle);
            _seen.UnionWith(busy);
            Must(_seen.Count == idle.Count + busy.Count, "In two places.");
            Must(_lent.TrueForAll(busy.Contains), "Lent, but not known.");
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
