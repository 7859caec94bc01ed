using System.Runtime.InteropServices;

namespace Urllib4.Bodies;

/// <summary>Owns one decoder of libzstd, so that it is freed once, and never under a call that still uses it.</summary>
internal sealed class ZstdHandle : SafeHandle
{
    private readonly ZstdLibrary _library;

    public ZstdHandle(ZstdLibrary library, int windowLog)
        : base(0, ownsHandle: true)
    {
        _library = library;
        SetHandle(library.Create(windowLog));
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        _library.Free(handle);
        return true;
    }
}
