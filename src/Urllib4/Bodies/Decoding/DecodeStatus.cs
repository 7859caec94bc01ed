namespace Urllib4.Bodies;

/// <summary>Why a decoder came back, which is what its caller has to do next.</summary>
internal enum DecodeStatus
{
    /// <summary>All of the source was taken, all there is was given: come with more, or call <see cref="ContentDecoder.Finish"/>.</summary>
    NeedInput,

    /// <summary>
    /// There may be more to give: come again with room and with what is left of the source, even if that is nothing. Mostly the destination
    /// is full; after a long stretch that gave nothing it need not be, so that the caller can look at its deadline in between.
    /// </summary>
    NeedOutput,

    /// <summary>The coded data has ended, complete and checked. Whatever follows it is swallowed.</summary>
    Done,
}
