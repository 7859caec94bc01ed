using Urllib4.Diagnostics;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;

namespace Urllib4.Connections;

/// <summary>Tells who listens of the heads that go out and come back. Where nobody does, none is put together.</summary>
internal static class HeadEvents
{
    /// <summary>A head is about to go out.</summary>
    public static void Sending(this CallRecorder? recorder, in RequestHead head)
    {
        if (recorder is { WantsHeads: true })
            recorder.Sending(head.Method, head.Target, Http1RequestWriter.FieldsOf(head, head.Terms ?? RequestRules.Check(head)));
    }

    /// <summary>A request is about to go out: its head, and the body if it has one.</summary>
    public static void Sending(this CallRecorder? recorder, in RequestHead head, RequestBody? body)
    {
        recorder.Sending(head);
        if (body is not null && recorder is { WantsHeads: true })
            recorder.SendingBody(body.Length, body.IsReplayable ? body.Open : null);
    }

    /// <summary>A head has come, of a final response or of a proxy's.</summary>
    public static void Received(this CallRecorder? recorder, ResponseHead head)
    {
        if (recorder is { WantsHeads: true })
            recorder.Received(head.Status, head.Reason, head.Version, head.Headers.AsReadOnly());
    }
}
