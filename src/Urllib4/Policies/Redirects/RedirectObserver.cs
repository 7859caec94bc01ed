namespace Urllib4.Policies;

/// <summary>Has a say in the redirects of one call, instead of <see cref="RedirectOptions.OnRedirect"/>, if there are any.</summary>
internal abstract class RedirectObserver
{
    /// <inheritdoc cref="RedirectOptions.OnRedirect"/>
    public abstract RedirectDecision OnRedirect(RedirectContext redirect);
}
