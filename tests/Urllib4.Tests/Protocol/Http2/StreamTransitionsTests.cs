using Urllib4.Protocol.Http2;

namespace Urllib4.Tests.Protocol.Http2;

/// <summary>RFC 9113, section 5.1, said a second time: by its sentences instead of its table.</summary>
public class StreamTransitionsTests
{
    internal static TheoryData<StreamState, StreamInput> Pairs()
    {
        var pairs = new TheoryData<StreamState, StreamInput>();
        foreach (StreamState state in Enum.GetValues<StreamState>())
        {
            foreach (StreamInput input in Enum.GetValues<StreamInput>())
                pairs.Add(state, input);
        }

        return pairs;
    }

    [Theory, MemberData(nameof(Pairs))]
    internal void Each_state_takes_what_the_RFC_lets_it(StreamState state, StreamInput input) =>
        Assert.Equal(Expected(state, input), StreamTransitions.Next(state, input));

    private static StreamState Expected(StreamState state, StreamInput input)
    {
        bool isSent = input <= StreamInput.SendReset;
        if (state is StreamState.Idle)
            return input is StreamInput.SendHeaders ? StreamState.Open : isSent ? StreamTransitions.Misuse : StreamTransitions.ConnectionFault;
        if (input is StreamInput.SendReset or StreamInput.ReceiveReset)
            return StreamState.Closed;
        if (input is StreamInput.ReceiveWindowUpdate)
            return state; // may come for a while after the end
        bool hasSentEnd = state is StreamState.HalfClosedLocal or StreamState.Closed;
        bool hasReceivedEnd = state is StreamState.HalfClosedRemote or StreamState.Closed;
        if (isSent && hasSentEnd)
            return StreamTransitions.Misuse;
        if (!isSent && hasReceivedEnd)
            return StreamTransitions.ClosedFault;
        return input switch
        {
            StreamInput.SendEnd => hasReceivedEnd ? StreamState.Closed : StreamState.HalfClosedLocal,
            StreamInput.ReceiveEnd => hasSentEnd ? StreamState.Closed : StreamState.HalfClosedRemote,
            _ => state,
        };
    }
}
