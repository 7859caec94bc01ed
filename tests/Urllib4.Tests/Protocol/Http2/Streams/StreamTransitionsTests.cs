using Urllib4.Protocol.Http2;

namespace Urllib4.Tests.Protocol.Http2;

/// <summary>RFC 9113, section 5.1, said a second time: by its sentences instead of its table.</summary>
public class StreamTransitionsTests
{
    [Fact]
    public void Each_state_takes_what_the_RFC_lets_it()
    {
        foreach (StreamState state in Enum.GetValues<StreamState>())
        {
            foreach (StreamInput input in Enum.GetValues<StreamInput>())
            {
                StreamState next = StreamTransitions.Next(state, input);
                Assert.True(Expected(state, input) == next, $"{state} takes {input} and becomes {next}");
            }
        }
    }

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
