namespace Talweg.Storage;

/// <summary>Where a tensor lies in its safetensors file, and what it is.</summary>
/// <param name="Name">Its name, such as <c>0.weight</c>.</param>
/// <param name="Type">How each number is stored.</param>
/// <param name="Shape">Its extents, slowest first (row-major); empty for a single number.</param>
/// <param name="Offset">Where its data begin: bytes from the beginning of the file.</param>
/// <param name="Length">Bytes of data: the product of the shape times the element's size.</param>
public sealed record TensorEntry(string Name, ElementType Type, IReadOnlyList<long> Shape, long Offset, long Length)
{
    /// <summary>How many numbers the tensor holds.</summary>
    public long Count => Length / ElementTypes.Size(Type);

    /// <summary>The shape as text: <c>[50, 784]</c>.</summary>
    public string ShapeText => $"[{string.Join(", ", Shape)}]";

    /// <summary>One element's address as text: <c>weights[17, 3]</c>.</summary>
    /// <param name="index">The element's place in row-major order, counted from 0.</param>
    internal string At(long index)
    {
        long[] indices = new long[Shape.Count];
        for (int axis = Shape.Count - 1; axis >= 0; axis--)
            (index, indices[axis]) = Math.DivRem(index, Shape[axis]);
        return $"{Quoted.Name(Name)}[{string.Join(", ", indices)}]";
    }
}
