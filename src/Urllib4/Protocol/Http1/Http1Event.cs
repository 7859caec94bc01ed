namespace Urllib4.Protocol.Http1;

/// <summary>What reading a response head found.</summary>
internal enum HeadResult : byte
{
    /// <summary>The head is not complete; come back with the same bytes and more behind them.</summary>
    NeedMore,

    /// <summary>A 1xx response other than 101: the answer itself is still to come.</summary>
    Informational,

    /// <summary>The head of the answer.</summary>
    Final,

    /// <summary>A 101, or a 2xx to CONNECT: from the next byte on, the connection no longer speaks HTTP/1.</summary>
    Switching,
}

/// <summary>What reading a response body found.</summary>
internal enum BodyResult : byte
{
    /// <summary>Nothing was written, and nothing can be without more input; what was not consumed must be given again.</summary>
    NeedMore,

    /// <summary>Body bytes were written; or the destination is empty, and body bytes wait for a larger one.</summary>
    Data,

    /// <summary>The response is complete. The last body bytes may have been written by the same call.</summary>
    End,
}
