namespace Urllib4.SocketTests.Responses;

/// <summary>Keeps what was told of the progress, in order.</summary>
internal sealed class Reports : IProgress<TransferProgress>
{
    public List<TransferProgress> All { get; } = [];

    public void Report(TransferProgress value) => All.Add(value);
}
