namespace Urllib4.Connections;

/// <summary>The figures of a connection at one moment of an exchange; the whole account of it is made when somebody asks.</summary>
internal readonly record struct ConnectionFigures(
    HttpConnectionInfo Identity, TimeSpan Age, TimeSpan IdleTime, int RequestsServed, long BytesWritten, long BytesRead)
{
    public HttpConnectionInfo ToInfo() => Identity with
    {
        Age = Age,
        IdleTime = IdleTime,
        RequestsServed = RequestsServed,
        BytesWritten = BytesWritten,
        BytesRead = BytesRead,
    };
}
