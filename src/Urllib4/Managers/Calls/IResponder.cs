using Urllib4.Connections;
using Urllib4.Policies;
using Urllib4.Protocol;
using Urllib4.Protocol.Http1;
using Urllib4.Waiting;

namespace Urllib4.Managers;

/// <summary>What becomes of the response that a call ends with.</summary>
/// <typeparam name="TResponse">What the caller gets.</typeparam>
internal interface IResponder<TResponse>
{
    /// <summary>What heads are to be written into; null for new ones.</summary>
    ResponseHead? Head { get; }

    /// <summary>Who is asked about the redirects of this very call, instead of the options; null for nobody.</summary>
    RedirectObserver? Observer { get; }

    /// <summary>Takes the response over, and with it the exchange.</summary>
    ValueTask<TResponse> Respond<TMode>(ref Call call, ResponseHead head, ExchangeHandle exchange)
        where TMode : struct, IWaitMode;
}
