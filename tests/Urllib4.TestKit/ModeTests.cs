using System.Collections;

namespace Urllib4.TestKit;

/// <summary>The two ways to call the library.</summary>
public enum Mode
{
    /// <summary>The caller's thread waits.</summary>
    Blocking,

    /// <summary>The caller gets a task.</summary>
    Asynchronous,
}

/// <summary>Both modes, as rows of a theory: <c>[Theory, ClassData(typeof(BothModes))]</c>.</summary>
public sealed class BothModes : IEnumerable<object[]>
{
    /// <inheritdoc/>
    public IEnumerator<object[]> GetEnumerator() => Enum.GetValues<Mode>().Select(static m => new object[] { m }).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>
/// What tests inherit that run in both modes from one body: a theory over <see cref="BothModes"/> that uses <see cref="Call{T}"/>.
/// </summary>
public abstract class ModeTests
{
    /// <summary>Calls in the given mode. A blocking call gets a thread of its own, so that it really blocks and starves nobody.</summary>
    /// <returns>What the call returned. What it threw is thrown again, the same object with the same stack.</returns>
    protected static Task<T> Call<T>(Mode mode, Func<T> blocking, Func<Task<T>> asynchronous) =>
        mode == Mode.Blocking ? OnThread(blocking) : asynchronous();

    /// <inheritdoc cref="Call{T}"/>
    protected static Task Call(Mode mode, Action blocking, Func<Task> asynchronous) =>
        mode == Mode.Blocking ? OnThread(() => Then(blocking, true)) : asynchronous();

    /// <summary>Runs something that blocks on a thread of its own, to be awaited.</summary>
    protected static Task<T> OnThread<T>(Func<T> blocking)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                done.SetResult(blocking());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        thread.IsBackground = true;
        thread.Name = "blocking caller";
        thread.Start();
        return done.Task;
    }

    private static T Then<T>(Action first, T result)
    {
        first();
        return result;
    }
}
