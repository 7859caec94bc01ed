namespace Urllib4.Tests.Primitives;

public sealed class RecentlyUsedContainerTests
{
    private readonly List<string> _gone = [];

    [Fact]
    public void It_keeps_the_youngest_of_more_items_than_fit()
    {
        var items = new RecentlyUsedContainer<int, string>(5);
        for (int i = 0; i < 10; i++)
            items[i] = $"v{i}";

        Assert.Equal(5, items.Count);
        Assert.Equal([5, 6, 7, 8, 9], items.Keys);
        Assert.False(items.TryGet(0, out _));
        Assert.True(items.Remove(7));
        Assert.Equal([5, 6, 8, 9], items.Keys);
    }

    [Fact]
    public void The_default_size_is_ten() => Assert.Equal(10, new RecentlyUsedContainer<int, int>().MaxSize);

    [Fact]
    public void Size_zero_disposes_what_is_set_at_once()
    {
        var items = Make(0);

        items["a"] = 1;
        Assert.Equal(2, items.GetOrAdd("b", _ => 2));

        Assert.Equal(0, items.Count);
        Assert.Equal(["a=1", "b=2"], _gone);
    }

    [Fact]
    public void Reading_an_item_makes_it_the_youngest()
    {
        var items = Make(3, "a", "b", "c");

        Assert.Equal(0, items["a"]);
        Assert.True(items.TryGet("b", out int b));
        Assert.Equal(1, b);
        Assert.Equal(["c", "a", "b"], items.Keys);

        items["d"] = 3;
        Assert.Equal(["c=2"], _gone);
    }

    [Fact]
    public void Reading_disposes_nothing()
    {
        var items = Make(3, "a", "b", "c");

        _ = (items["c"], items["a"], items["b"], items.TryGet("x", out _), items.GetOrAdd("a", _ => 9));

        Assert.Empty(_gone);
    }

    [Fact]
    public void Counting_listing_and_enumerating_leave_the_order_alone()
    {
        var items = Make(3, "a", "b", "c");

        _ = (items.Count, items.Keys, items.ToList());

        items["d"] = 3;
        Assert.Equal(["a=0"], _gone);
    }

    [Fact]
    public void The_same_key_set_again_and_again_stays_one_item_and_disposes_the_one_before()
    {
        var items = Make(5);
        for (int i = 0; i < 4; i++)
            items["k"] = i;

        Assert.Equal(1, items.Count);
        Assert.Equal(3, items["k"]);
        Assert.Equal(["k=0", "k=1", "k=2"], _gone);
    }

    [Fact]
    public void Replacing_makes_the_item_the_youngest_and_disposes_even_the_same_value()
    {
        var items = Make(2, "a", "b");

        items["a"] = 0;

        Assert.Equal(["b", "a"], items.Keys);
        Assert.Equal(["a=0"], _gone);
    }

    [Fact]
    public void Removing_disposes_and_a_missing_key_does_not()
    {
        var items = Make(2, "a", "b");

        Assert.True(items.Remove("a"));
        Assert.False(items.Remove("a"));
        Assert.False(items.Remove("x"));

        Assert.Equal(["a=0"], _gone);
        Assert.Equal(["b"], items.Keys);
    }

    [Fact]
    public void Getting_a_missing_key_fails_without_changing_anything()
    {
        var items = Make(2, "a");

        Assert.Throws<KeyNotFoundException>(() => items["x"]);
        Assert.Equal(["a"], items.Keys);
    }

    [Fact]
    public void Clearing_disposes_all_oldest_first()
    {
        var items = Make(5, "a", "b", "c");
        _ = items["a"];

        items.Clear();
        items.Clear();

        Assert.Equal(0, items.Count);
        Assert.Empty(items.Keys);
        Assert.Equal(["b=1", "c=2", "a=0"], _gone);
        items["d"] = 4;
        Assert.Equal(["d"], items.Keys);
    }

    [Fact]
    public void Shrinking_evicts_the_oldest_at_once_and_growing_makes_room()
    {
        var items = Make(4, "a", "b", "c", "d");

        items.MaxSize = 2;
        Assert.Equal(["a=0", "b=1"], _gone);
        Assert.Equal(["c", "d"], items.Keys);

        items.MaxSize = 3;
        items["e"] = 4;
        Assert.Equal(["c", "d", "e"], items.Keys);
        Assert.Equal(3, items.MaxSize);
        Assert.Equal(2, _gone.Count);
    }

    [Fact]
    public void A_negative_size_is_refused()
    {
        var items = Make(1, "a");

        Assert.Throws<ArgumentOutOfRangeException>(() => items.MaxSize = -1);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RecentlyUsedContainer<int, int>(-1));
        Assert.Equal(1, items.Count);
    }

    [Fact]
    public void Every_disposal_in_order()
    {
        var items = Make(2, "a", "b");

        items["c"] = 2;
        items["b"] = 7;
        items.Remove("c");
        items["d"] = 4;
        items.Clear();

        Assert.Equal(["a=0", "b=1", "c=2", "b=7", "d=4"], _gone);
    }

    [Fact]
    public void Enumerating_sees_the_items_of_its_beginning_oldest_first()
    {
        var items = Make(3, "a", "b", "c");
        var seen = new List<string>();
        foreach (var (key, value) in items)
        {
            items[$"new{key}"] = 9;
            seen.Add($"{key}={value}");
        }

        Assert.Equal(["a=0", "b=1", "c=2"], seen);
        Assert.Equal(["newa", "newb", "newc"], items.Keys);
    }

    [Fact]
    public void A_present_key_is_not_made_again()
    {
        var items = Make(3, "a", "b");

        Assert.Equal(0, items.GetOrAdd("a", _ => throw new InvalidOperationException()));
        Assert.Equal(["b", "a"], items.Keys);
        Assert.Equal(7, items.GetOrAdd("c", key => key == "c" ? 7 : 0));
        Assert.Equal(["b", "a", "c"], items.Keys);
    }

    [Fact]
    public void A_factory_that_fails_changes_nothing()
    {
        var items = Make(1, "a");

        Assert.Throws<TimeZoneNotFoundException>(() => items.GetOrAdd("b", _ => throw new TimeZoneNotFoundException()));

        Assert.Equal(["a"], items.Keys);
        Assert.Empty(_gone);
    }

    [Fact]
    public void Callbacks_that_throw_keep_none_of_the_others_from_running()
    {
        var seen = new List<int>();
        var items = new RecentlyUsedContainer<int, int>(9, (key, _) =>
        {
            seen.Add(key);
            if (key % 2 == 1)
                throw new InvalidOperationException($"{key}");
        });
        for (int i = 0; i < 5; i++)
            items[i] = i;

        var several = Assert.Throws<AggregateException>(items.Clear);
        Assert.Equal(["1", "3"], several.InnerExceptions.Select(error => error.Message));
        Assert.Equal([0, 1, 2, 3, 4], seen);
        Assert.Equal(0, items.Count);

        items[1] = 1;
        Assert.Equal("1", Assert.Throws<InvalidOperationException>(() => items[1] = 2).Message);
        Assert.Equal(2, items[1]);
    }

    public static TheoryData<string> WaysOut => ["set", "evict", "remove", "clear", "shrink", "create"];

    [Theory]
    [MemberData(nameof(WaysOut))]
    public void The_callback_runs_while_other_threads_can_use_the_container(string way)
    {
        RecentlyUsedContainer<string, int> items = null!;
        int calls = 0;
        items = new(2, (key, _) =>
        {
            calls++;
            var other = new Thread(() => items.TryGet(key, out _)) { IsBackground = true };
            other.Start();
            Assert.True(other.Join(TimeSpan.FromSeconds(20)), "the lock was held during the callback");
        });
        items["a"] = 1;
        items["b"] = 2;

        switch (way)
        {
            case "set": items["a"] = 3; break;
            case "evict": items["c"] = 3; break;
            case "remove": items.Remove("a"); break;
            case "clear": items.Clear(); break;
            case "shrink": items.MaxSize = 1; break;
            default: items.GetOrAdd("c", _ => 3); break;
        }

        Assert.Equal(way == "clear" ? 2 : 1, calls);
    }

    [Fact]
    public void A_callback_may_use_the_container()
    {
        RecentlyUsedContainer<int, int> items = null!;
        items = new(2, (key, value) =>
        {
            if (key < 3)
                items[key + 10] = value;
        });
        for (int i = 1; i <= 3; i++)
            items[i] = i;

        // 3 pushes 1 out; putting it back as 11 pushes 2 out; putting that back as 12 pushes 3 out.
        Assert.Equal([11, 12], items.Keys);
    }

    [Fact]
    public void A_hit_allocates_nothing()
    {
        var items = Make(3, "a", "b", "c");
        int sum = items["a"];

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            sum += items["a"] + (items.TryGet("b", out int b) ? b : 0);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(100, sum);
    }

    [Fact]
    public void Threads_lose_and_double_nothing()
    {
        const int Threads = 10, Turns = 2000, Size = 7;
        var disposed = new int[Threads * Turns * 2];
        var items = new RecentlyUsedContainer<int, int>(Size, (_, value) => Interlocked.Increment(ref disposed[value]));
        int made = 0;

        Run(Threads, seed =>
        {
            var chance = new Random(seed);
            for (int i = 0; i < Turns; i++)
            {
                int key = chance.Next(20);
                switch (chance.Next(8))
                {
                    case 0: items.Remove(key); break;
                    case 1: items.MaxSize = Size - chance.Next(3); break;
                    case 2: items.TryGet(key, out _); break;
                    case 3: _ = items.Keys; break;
                    case 4: items.GetOrAdd(key, _ => Interlocked.Increment(ref made) - 1); break;
                    default: items[key] = Interlocked.Increment(ref made) - 1; break;
                }
            }
        });

        items.MaxSize = Size;
        for (int key = 100; key < 100 + Size; key++)
            items[key] = made++;
        Assert.Equal(Size, items.Count);
        Assert.Equal(Enumerable.Range(100, Size), items.Keys);
        items.Clear();
        Assert.All(disposed[..made], count => Assert.Equal(1, count));
        Assert.All(disposed[made..], count => Assert.Equal(0, count));
    }

    [Fact]
    public void Two_threads_never_make_two_values_for_one_key()
    {
        const int Keys = 500;
        var items = new RecentlyUsedContainer<int, object>(Keys);
        var got = new object[4][];
        int made = 0;

        Run(got.Length, me => got[me] = [.. Enumerable.Range(0, Keys).Select(key => items.GetOrAdd(key, _ =>
        {
            Interlocked.Increment(ref made);
            return new object();
        }))]);

        Assert.Equal(Keys, made);
        Assert.All(got, objects => Assert.Equal(got[0], objects));
    }

    private static void Run(int threads, Action<int> work)
    {
        using var together = new Barrier(threads);
        var running = new Thread[threads];
        for (int i = 0; i < threads; i++)
        {
            int me = i;
            running[me] = new Thread(() =>
            {
                together.SignalAndWait();
                work(me);
            });
            running[me].Start();
        }

        foreach (var thread in running)
            thread.Join();
    }

    private RecentlyUsedContainer<string, int> Make(int maxSize, params string[] keys)
    {
        var items = new RecentlyUsedContainer<string, int>(maxSize, (key, value) => _gone.Add($"{key}={value}"));
        for (int i = 0; i < keys.Length; i++)
            items[keys[i]] = i;
        return items;
    }
}
