namespace Urllib4.Diagnostics;

/// <summary>Where pools report what they open and close, which belongs to no call.</summary>
internal static class ConnectionEvents
{
    /// <summary>Whether anybody wants to know.</summary>
    public static bool IsOn(HttpEvents? events) =>
        events is not null || UrllibMetrics.ConnectionDuration.Enabled || UrllibEventSource.Log.IsEnabled();

    /// <summary>A connection was opened. Never throws, as a connection must not be lost by who is told of it.</summary>
    public static void Opened(HttpEvents? events, IMeasuredPool pool, HttpConnectionInfo connection)
    {
        try
        {
            if (UrllibEventSource.Log.IsEnabled())
                EventSourceWriter.Instance.ConnectionOpened(pool.Place, connection);
            events?.ConnectionOpened(pool.Place, connection);
        }
        catch (Exception)
        {
            // Promised by HttpEvents.
        }
    }

    /// <summary>A connection was closed. Never throws, either.</summary>
    public static void Closed(HttpEvents? events, IMeasuredPool pool, HttpConnectionInfo connection)
    {
        try
        {
            if (UrllibMetrics.ConnectionDuration.Enabled)
                UrllibMetrics.ConnectionDuration.Record(connection.Age.TotalSeconds, TelemetryText.Place(pool.Place, connection));
            if (UrllibEventSource.Log.IsEnabled())
                EventSourceWriter.Instance.ConnectionClosed(pool.Place, connection);
            events?.ConnectionClosed(pool.Place, connection);
        }
        catch (Exception)
        {
            // Promised by HttpEvents.
        }
    }
}
