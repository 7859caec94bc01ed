namespace Urllib4.Transport;

/// <summary>Says inside of the idle check that a read found nothing and would have had to wait. Never leaves this room.</summary>
internal sealed class WouldWaitException : IOException;
