using static TorchSharp.torch;

namespace Talweg.Native;

/// <summary>Derivatives by autograd whose failure is an exception.</summary>
/// <remarks>
/// What <c>autograd.grad</c> of TorchSharp throws in native code is caught by nobody and ends the process: an operation without a second derivative, or one that
/// overwrote what its own derivative needs. Torch's interpreter catches it. Costs some 50 µs a call more, so that it is for modules, whose operations are not known.
/// </remarks>
internal static class CaughtGradients
{
    // Two functions, since a flag would be a number that nobody holds while torch reads it.
    private const string Source = """
        def once(of: List[Tensor], by: List[Tensor], along: List[Tensor]) -> List[Tensor]:
            seeds: List[Optional[Tensor]] = []
            for seed in along:
                seeds.append(seed)
            found = torch.autograd.grad(of, by, seeds, False, False, True)
            result: List[Tensor] = []
            for part in found:
                result.append(part if part is not None else torch.empty([0]))
            return result

        def again(of: List[Tensor], by: List[Tensor], along: List[Tensor]) -> List[Tensor]:
            seeds: List[Optional[Tensor]] = []
            for seed in along:
                seeds.append(seed)
            found = torch.autograd.grad(of, by, seeds, True, True, True)
            result: List[Tensor] = []
            for part in found:
                result.append(part if part is not None else torch.empty([0]))
            return result


        """;

    private static readonly Lazy<jit.CompilationUnit> Unit = new(() => jit.compile(Source));

    /// <summary>As <c>autograd.grad</c>; null for what the outputs do not depend on.</summary>
    /// <param name="of">Outputs.</param>
    /// <param name="by">What they are differentiated by, none of it empty.</param>
    /// <param name="along">As many as outputs, of their shapes.</param>
    /// <param name="differentiable">Whether the results are to be differentiated again.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">Torch cannot.</exception>
    public static Tensor[] Of(Tensor[] of, Tensor[] by, Tensor[] along, bool differentiable)
    {
        var found = (Tensor[])Unit.Value.invoke<Tensor[]>(differentiable ? "again" : "once", of, by, along);
        GC.KeepAlive(of);
        GC.KeepAlive(by);
        GC.KeepAlive(along);
        return [.. found.Select(part => part.numel() == 0 ? null! : part)];
    }
}
