namespace Talweg.Landscapes;

/// <summary>Everything in front of the layer that moves, for one block of samples at a time.</summary>
internal unsafe interface IPanelPrefix : IDisposable
{
    /// <summary>Writes that layer's inputs as a panel [width][64]; empty places hold anything finite. Called from several threads at once.</summary>
    void Run(int block, float* panel);
}
