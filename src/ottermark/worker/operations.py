"""The operations of TensorFlow that a described model may consist of.

Each computes its outputs from its inputs and does nothing else: none draws random numbers, keeps
state, reads or writes files, or runs other code.
"""

from __future__ import annotations

_NAMES = (
    # values and shapes
    """
    BitwiseAnd BitwiseOr BitwiseXor BroadcastArgs BroadcastTo Bitcast Bucketize Cast CheckNumerics Complex
    ConcatOffset ConcatV2 Conj EnsureShape ExpandDims Fill Gather GatherNd GatherV2 Identity IdentityN
    Imag Invert InvertPermutation LinSpace OneHot OnesLike Pack Pad PadV2 MirrorPad PlaceholderWithDefault
    PreventGradient Range Rank Real Reshape Reverse ReverseSequence ReverseV2 Roll ScatterNd Select
    SelectV2 Shape ShapeN Size Slice Split SplitV Squeeze StopGradient StridedSlice TensorScatterAdd
    TensorScatterMax TensorScatterMin TensorScatterSub TensorScatterUpdate Tile Transpose Unique UniqueV2
    Unpack UnravelIndex Where ZerosLike
    """
    # element by element
    """
    Abs Acos Acosh Add AddN AddV2 Angle Asin Asinh Atan Atan2 Atanh BesselI0 BesselI0e BesselI1
    BesselI1e Betainc Ceil ClipByValue ComplexAbs Cos Cosh Digamma Div DivNoNan Elu Equal Erf Erfc
    Erfinv Exp Expm1 Floor FloorDiv FloorMod Greater GreaterEqual Igamma Igammac Inv IsFinite IsInf
    IsNan LeakyRelu LeftShift Less LessEqual Lgamma Log Log1p LogicalAnd LogicalNot LogicalOr Maximum
    Minimum Mod Mul MulNoNan Ndtri Neg NextAfter NotEqual Polygamma Pow RealDiv Reciprocal Relu Relu6
    RightShift Rint Round Rsqrt Selu Sigmoid Sign Sin Sinh Softplus Softsign Sqrt Square
    SquaredDifference Sub Tan Tanh TruncateDiv TruncateMod Xdivy Xlog1py Xlogy Zeta
    """
    # sums, orders and the like over axes
    """
    All Any ArgMax ArgMin Bincount Cumprod Cumsum CumulativeLogsumexp DenseBincount EuclideanNorm
    InTopKV2 L2Loss LogSoftmax LowerBound Max Mean Min NthElement Prod SegmentMax SegmentMean
    SegmentMin SegmentProd SegmentSum Softmax Sum TopKV2 UnsortedSegmentMax UnsortedSegmentMin
    UnsortedSegmentProd UnsortedSegmentSum UpperBound
    """
    # matrices
    """
    BatchMatMul BatchMatMulV2 BatchMatMulV3 Cholesky Cross Diag DiagPart Einsum LogMatrixDeterminant
    MatMul MatrixBandPart MatrixDeterminant MatrixDiagPartV3 MatrixDiagV3 MatrixInverse
    MatrixSetDiagV3 MatrixSolve MatrixTriangularSolve Qr SelfAdjointEigV2 Svd
    """
    # nets and pictures
    """
    AdjustContrastv2 AdjustHue AdjustSaturation AvgPool AvgPool3D BatchToSpaceND BiasAdd Conv2D
    Conv2DBackpropInput Conv3D Conv3DBackpropInputV2 CropAndResize DepthToSpace DepthwiseConv2dNative
    Dilation2D ExtractImagePatches FFT FFT2D FFT3D FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3
    HSVToRGB IFFT IFFT2D IFFT3D IRFFT IRFFT2D IRFFT3D ImageProjectiveTransformV3 LRN MaxPool MaxPool3D
    MaxPoolV2 RFFT RFFT2D RFFT3D RGBToHSV ResizeArea ResizeBicubic ResizeBilinear
    ResizeNearestNeighbor ScaleAndTranslate SoftmaxCrossEntropyWithLogits SpaceToBatchND SpaceToDepth
    SparseSoftmaxCrossEntropyWithLogits
    """
)

OPERATIONS = frozenset(_NAMES.split())
