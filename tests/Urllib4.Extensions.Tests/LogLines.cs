using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Urllib4.Extensions.Tests;

/// <summary>Keeps every line of one category.</summary>
internal sealed class LogLines(string category) : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _all = new();

    /// <summary>Each line as <c>Level Event: text</c>.</summary>
    public IReadOnlyCollection<string> All => _all;

    public ILogger CreateLogger(string categoryName) => categoryName == category ? this : NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _all.Enqueue($"{logLevel} {eventId.Name}: {formatter(state, exception)}{exception}");

    public void Dispose()
    {
    }
}
