namespace Urllib4.Policies.Auth;

/// <summary>Where a password that an origin has asked for once is said unasked from then on.</summary>
internal enum AuthScope
{
    /// <summary>On the whole origin.</summary>
    Origin,

    /// <summary>
    /// Below the path that asked, and by <c>Basic</c> only (RFC 7617, section 2.2); what the platform calls to pre-authenticate.
    /// </summary>
    Path,

    /// <summary>Nowhere: each request is asked first.</summary>
    Nowhere,
}
