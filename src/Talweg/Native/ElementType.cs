using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Talweg.Native;

/// <summary>Changes the element type of tensors where they are: whoever holds one, a module or an optimizer, goes on holding it.</summary>
/// <remarks>
/// <c>Module.to</c> of TorchSharp makes new parameters instead, which an optimizer made before does not know. libtorch's own <c>Module::to</c> gives its
/// tensors other contents; so the tensors are registered with a native module that is made for the moment, and that one is converted.
/// </remarks>
internal static partial class ElementType
{
    private const string Library = "LibTorchSharp";

    /// <summary>Converts <paramref name="tensors"/>, of floating point and leaves of the graph; their gradients stay as they are.</summary>
    /// <exception cref="ExternalException">Torch refuses.</exception>
    public static void Change(IEnumerable<Tensor> tensors, ScalarType type)
    {
        Tensor[] others = [.. tensors.Where(tensor => tensor.dtype != type)];
        if (others.Length == 0)
            return;
        using var noGradient = no_grad();
        nint module = MakeModule("conversion", 0, 0);
        CheckForErrors();
        try
        {
            for (int i = 0; i < others.Length; i++)
                RegisterBuffer(module, $"tensor{i}", others[i].Handle);
            CheckForErrors();
            Convert(module, (sbyte)type, nonBlocking: false);
            CheckForErrors();
        }
        finally
        {
            DisposeModule(module);
            GC.KeepAlive(others);
        }
    }

    [LibraryImport(Library, EntryPoint = "THSNN_custom_module", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static partial nint MakeModule(string name, nint forward, nint boxed);

    [LibraryImport(Library, EntryPoint = "THSNN_Module_register_buffer", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static partial void RegisterBuffer(nint module, string name, nint tensor);

    [LibraryImport(Library, EntryPoint = "THSNN_Module_to_dtype")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static partial void Convert(nint module, sbyte type, [MarshalAs(UnmanagedType.U1)] bool nonBlocking);

    [LibraryImport(Library, EntryPoint = "THSNN_Module_dispose")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static partial void DisposeModule(nint module);
}
