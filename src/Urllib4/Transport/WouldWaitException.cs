namespace Urllib4.Transport;

/// <summary>Says that a read or write would have had to wait, where nobody wants to: in the idle check, and at the end. Never leaves this room.</summary>
internal sealed class WouldWaitException : IOException;
