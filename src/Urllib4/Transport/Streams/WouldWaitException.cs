namespace Urllib4.Transport;

/// <summary>Says that a read or write would have had to wait, where nobody wants to. Never leaves this room.</summary>
internal sealed class WouldWaitException : IOException;
